// Starts the local server as a separate process, with callers for both planes. Loopback only. A server that a suite leaves running is
// killed, and its folder removed, when the runner ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, findSource } from '../process/find-program.ts';
import { type Caller, makeCaller, userCaller, workerCaller } from './http-caller.ts';

/** A running local server. */
export interface Keyhold {
  url: string;
  home: string;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Sends SIGTERM; resolves to the exit code, or null when it had to be killed. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  user(sub: string): Caller;
  worker: Caller;
  /** Sends no authorization. */
  anonymous: Caller;
}

const READY_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 30_000;
/** An idle connection ends here before the server ends it, which would fail the request that is just being sent. */
const IDLE_MILLISECONDS = 3_000;

/** The environment variables a started server inherits: no AWS name, no setting of Keyhold, nothing of the test runner. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

const running = new Set<ChildProcess>();
const ownHomes = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const home of ownHomes) rmSync(home, { recursive: true, force: true });
});

const inheritedEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined));

const makeHome = (): string => {
  const home = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'keyhold-'));
  ownHomes.add(home);
  return home;
};

const waitUntilReady = async (child: ChildProcess, output: { stdout: string; stderr: string }): Promise<URL> => {
  const deadline = Date.now() + READY_MILLISECONDS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    // The banner ends with the line that says how to stop: its commands are read from here too.
    const [, url] = /^keyhold ready on (http:\/\/127\.0\.0\.1:\d+)$.*stops the server\.$/ms.exec(output.stdout) ?? [];
    if (url) return new URL(url);
    await sleep(10);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not get ready (exit code ${child.exitCode}): ${output.stderr}${output.stdout}`);
};

/** The program of `npm start`. */
const MAIN = 'local/main.ts';

/** How to start a server. */
export interface StartOptions {
  /** The folder; without it a new one, which `stop` keeps for a restart. */
  home?: string;
  env?: Record<string, string>;
  /** Runs local/main.ts, as `npm start` does, and not the bundle of it that test/support/run/bundled-programs.ts made. */
  fromSource?: boolean;
}

const spawnServer = (home: string, { env = {}, fromSource = false }: StartOptions) => {
  const child = spawn(process.execPath, [fromSource ? findSource(MAIN) : findProgram(MAIN)], {
    env: { ...inheritedEnvironment(), PORT: '0', KEYHOLD_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  return { child, output };
};

const end = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await exited;
  clearTimeout(late);
  return child.exitCode;
};

/** Starts a server on a free port. */
export const startKeyhold = async (options: StartOptions = {}): Promise<Keyhold> => {
  const home = options.home ?? makeHome();
  const { child, output } = spawnServer(home, options);
  const origin = await waitUntilReady(child, output);
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS });
  const anonymous = makeCaller(origin, agent, async ({ headers }) => headers);
  const stop = (signal: 'SIGTERM' | 'SIGKILL') => end(child, signal).finally(() => agent.destroy());
  return {
    url: origin.origin,
    home,
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    stop: () => stop('SIGTERM'),
    kill: async () => {
      await stop('SIGKILL');
    },
    user: (sub) => userCaller(anonymous, origin, agent, sub),
    worker: workerCaller(origin, agent),
    anonymous,
  };
};
