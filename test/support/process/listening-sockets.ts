// The TCP listeners of a process and its descendants, as the kernel lists them. Linux only.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** An address and port that a process listens on, with the program's name. */
export interface ListeningSocket {
  program: string;
  host: string;
  port: number;
}

const LISTEN = '0A';

const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    // The process may have ended meanwhile.
    return otherwise;
  }
};

/** `/proc/net/tcp` writes an IPv4 address as the hexadecimal digits of a little-endian word. */
const readHost = (hex: string): string =>
  hex.length === 8
    ? [6, 4, 2, 0].map((start) => Number.parseInt(hex.slice(start, start + 2), 16)).join('.')
    : `IPv6 ${hex}`;

const listenersByInode = (): Map<string, { host: string; port: number }> => {
  const lines = ['tcp', 'tcp6'].flatMap((table) =>
    attempt(() => readFileSync(`/proc/net/${table}`, 'utf8'), '')
      .split('\n')
      .slice(1),
  );
  const fields = lines.map((line) => line.trim().split(/\s+/)).filter((parts) => parts[3] === LISTEN);
  return new Map(
    fields.map(([, local = '', , , , , , , , inode = '']) => {
      const [host = '', port = ''] = local.split(':');
      return [inode, { host: readHost(host), port: Number.parseInt(port, 16) }];
    }),
  );
};

const readParent = (pid: string): string => {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8'), '');
  return /^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? '';
};

const descendants = (root: string): string[] => {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [pid, readParent(pid)]));
  const below = (pid: string): string[] => [pid, ...pids.filter((child) => parents.get(child) === pid).flatMap(below)];
  return below(root);
};

const socketInodes = (pid: string): string[] =>
  attempt(() => readdirSync(`/proc/${pid}/fd`), []).flatMap((fd) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '');
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });

/** Every socket that the process or one of its descendants listens on. */
export const findListeningSockets = (pid: number): ListeningSocket[] => {
  const byInode = listenersByInode();
  return descendants(String(pid)).flatMap((each) => {
    const program = attempt(() => readFileSync(`/proc/${each}/comm`, 'utf8').trim(), '');
    return socketInodes(each).flatMap((inode) => {
      const found = byInode.get(inode);
      return found ? [{ program, ...found }] : [];
    });
  });
};
