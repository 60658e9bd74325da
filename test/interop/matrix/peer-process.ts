// Starts a server of the matrix as a process of its own, from test/interop/peers, where its packages are installed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  /** What is said of cells that pass. */
  notes?: Partial<Record<Cell, string>>;
  /** Cells of MCP servers that are played with the operator's client, since a registered one would not do. */
  needsEntry?: readonly Cell[];
}

/** A request that the server's token endpoint got. */
export interface TokenRequest {
  grant_type: string;
  resource: string | null;
}

/** A running server. */
export interface Peer extends PeerDescription {
  name: string;
  /** All so far. */
  tokenRequests(): readonly TokenRequest[];
  stop(): Promise<void>;
}

const READY_MILLISECONDS = 60_000;
const running = new Set<ChildProcess>();
/** A server may have processes of its own, so its whole group ends. */
const killGroup = ({ pid, exitCode, signalCode }: ChildProcess): void => {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
};
process.on('exit', () => {
  for (const child of running) killGroup(child);
});

/** What it has printed: a line of JSON each. */
interface Printed {
  description: Promise<PeerDescription>;
  tokenRequests: TokenRequest[];
}

const readPrinted = (child: ChildProcess, name: string): Printed => {
  const errors: string[] = [];
  const tokenRequests: TokenRequest[] = [];
  const late = setTimeout(() => killGroup(child), READY_MILLISECONDS);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const description = new Promise<PeerDescription>((described, failed) => {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const printed = JSON.parse(line);
      if (printed.tokenRequest) tokenRequests.push(printed.tokenRequest);
      else described(printed);
    });
    lines.on('close', () => failed(new Error(`${name} did not start: ${errors.join('').trim().slice(-500)}`)));
  });
  return { description: description.finally(() => clearTimeout(late)), tokenRequests };
};

/** Starts a server. Throws when it does not answer within a minute. */
export const startPeer = async (name: string, env: Record<string, string>): Promise<Peer> => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-peer-'));
  const child = spawn(process.execPath, [join(PEERS, `${name}.mjs`)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const printed = readPrinted(child, name);
  const description = await printed.description;
  const stop = async () => {
    killGroup(child);
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...description, name, tokenRequests: () => printed.tokenRequests, stop };
};
