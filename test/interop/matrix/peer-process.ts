// Starts a server of the matrix as a process of its own, from test/interop/peers, where its packages are installed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Cell } from './cells.ts';

/** The folder of the servers and of their packages. */
export const PEERS = join(import.meta.dirname, '../peers');

/** What a server says of itself when it answers. */
export interface PeerDescription {
  version: string;
  /** Its issuer; null: it has no metadata. */
  issuer: string | null;
  /** The operator's entry for it in the secret `oauth-clients`. */
  entry: Record<string, unknown> & { clientId: string; clientSecret: string; tokenEndpoint: string };
  /** The cells that it cannot play, and why. */
  lacks: Partial<Record<Cell, string>>;
}

/** A running server. */
export interface Peer extends PeerDescription {
  name: string;
  stop(): Promise<void>;
}

const READY_MILLISECONDS = 60_000;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const readDescription = async (child: ChildProcess, name: string): Promise<PeerDescription> => {
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const late = setTimeout(() => child.kill('SIGKILL'), READY_MILLISECONDS);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  try {
    for await (const line of lines) if (line.startsWith('{')) return JSON.parse(line);
  } finally {
    clearTimeout(late);
  }
  throw new Error(`${name} did not start: ${errors.join('').slice(-500)}`);
};

/** Starts a server. Throws when it does not answer within a minute. */
export const startPeer = async (name: string, env: Record<string, string>): Promise<Peer> => {
  const child = spawn(process.execPath, [join(PEERS, `${name}.mjs`)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const description = await readDescription(child, name);
  child.stdout?.resume();
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { ...description, name, stop };
};
