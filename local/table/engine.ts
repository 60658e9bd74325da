// Runs the table engine, dynoxide, as a child with its file in KEYHOLD_HOME. It answers any web page that reaches it, so it
// listens on a loopback address drawn at random. It never outlives the server: a shell reads from a pipe that closes when the server ends, also after kill -9, and kills the engine.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../home.ts';
import { lockHome } from '../home-lock.ts';
import { freePort } from '../http/loopback.ts';
import { StartRefused } from '../start-refused.ts';
import { type EngineAddress, endOrphans, engineArguments } from './engine-command.ts';

/** A running table engine. */
export interface Engine {
  endpoint: string;
  /** Resolves when the engine ends without `stop`. */
  died: Promise<void>;
  stop(): Promise<void>;
}

/** The subshell waits for the end of the pipe. The shell itself becomes the engine, so the child's pid is the engine's. */
const WATCHED = 'exec 3<&0; (read _ <&3; kill -9 $$ 2>/dev/null) & exec 3<&- "$@" </dev/null';
const START_MILLISECONDS = 10_000;
const STOP_MILLISECONDS = 300;
const PORT_ATTEMPTS = 5;

/** The path of the engine's program. Throws `StartRefused` when it is not installed. */
export const findBinary = (): string => {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(manifest, '..', 'dynoxide');
  } catch {
    throw new StartRefused(
      `the table engine is not installed (there is one for linux-x64, this is ${process.platform}-${process.arch}). On Linux x64 run "npm ci" without --omit=optional; elsewhere run DynamoDB Local, or another DynamoDB-compatible engine, and start again with AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000`,
    );
  }
};

/**
 * Resolves to undefined once the engine listens, else to its last line of output. Its own output decides, because another
 * program may listen on the port.
 */
const waitUntilListening = async (child: ChildProcess): Promise<string | undefined> => {
  if (!child.stderr) return 'it has no output';
  let last = 'it ended without output';
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes('listening on')) return undefined;
    if (line.trim()) last = line;
  }
  return last;
};

/** Starts a program that ends when this process ends, also when it is killed. */
export const launch = (binary: string, engineArgs: string[]): ChildProcess => {
  // In its own session: Ctrl-C must reach the server only, which first finishes its requests.
  const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', binary, ...engineArgs], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    env: {},
  });
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  return child;
};

const supervise = (child: ChildProcess, endpoint: string): Engine => {
  let stopping = false;
  const exited = once(child, 'exit').then(() => {});
  // Further output is dropped, but read, so that the engine never blocks on a full pipe.
  child.stderr?.resume();
  return {
    endpoint,
    died: new Promise((died) => exited.then(() => !stopping && died())),
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([exited, sleep(STOP_MILLISECONDS, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/**
 * One of 16 million addresses, each with 28,000 ports: a page that tries a thousand a second would need years for half of
 * them. The engine has no check of its own, and a proxy with one would cost every call.
 */
const drawAddress = (): string => `127.${[randomInt(1, 255), randomInt(0, 256), randomInt(1, 255)].join('.')}`;

const startOn = async (address: EngineAddress, tableFile: string): Promise<Engine | string> => {
  const child = launch(findBinary(), engineArguments(address, tableFile));
  const late = sleep(START_MILLISECONDS, 'it did not listen in time', { ref: false });
  const failure = await Promise.race([waitUntilListening(child), late]);
  if (failure === undefined) return supervise(child, `http://${address.host}:${address.port}`);
  child.kill('SIGKILL');
  return failure;
};

const startOnFreePort = async (tableFile: string): Promise<Engine> => {
  let failure = '';
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const host = drawAddress();
    const started = await startOn({ host, port: String(await freePort(host)) }, tableFile);
    if (typeof started !== 'string') return started;
    failure = started;
    // Another program took the port after freePort had found it.
    if (!/in use/i.test(failure)) break;
  }
  throw new StartRefused(`the table engine did not start on ${tableFile}: ${failure}`);
};

/** Throws `StartRefused` without an engine for this platform, when another server runs on the folder, or on a bad file. */
export const startEngine = async ({ folder, tableFile }: Home): Promise<Engine> => {
  findBinary();
  const unlock = await lockHome(folder);
  try {
    await endOrphans(tableFile);
    const engine = await startOnFreePort(tableFile);
    return { ...engine, stop: () => engine.stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
};
