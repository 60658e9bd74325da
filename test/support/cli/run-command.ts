// Runs the command as a person would, as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** What the command printed, and how it ended. */
export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** The printed JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape it expects, and asserts it.
  json: any;
}

/** How to run it. */
export interface CommandRun {
  url?: string;
  env?: Record<string, string>;
  /** Called with the process as soon as it runs. */
  onStart?: (child: ChildProcess) => void;
}

const main = resolve(import.meta.dirname, '../../../cli/keyhold.mjs');
/** Each run takes half the CPU. The command itself has no cache: Node's usual folder for one is open to other users of a machine. */
const COMPILED = resolve(import.meta.dirname, '../../../node_modules/.cache/keyhold-command');

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Runs `keyhold` with these arguments, with no environment but PATH, the address and what is given. */
export const runCommand = async (
  args: string[],
  { url, env = {}, onStart }: CommandRun = {},
): Promise<CommandResult> => {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: COMPILED,
      ...(url && { KEYHOLD_URL: url }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  onStart?.(child);
  await once(child, 'close');
  return { exitCode: child.exitCode, ...output, json: parse(output.stdout) };
};
