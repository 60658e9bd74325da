// Runs commands concurrently within a time limit and reads the figures they print. Commands still running at the limit, or when
// this process exits, are killed with their children.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command and its extra environment. */
export interface Command {
  /** An executable on the PATH of npm scripts: vitest, node, npm. */
  name: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** A line that a suite prints: `figure: <name> {…}`. */
export interface PrintedFigure {
  name: string;
  values: Readonly<Record<string, number | string>>;
}

/** The result of a set of commands. */
export interface Outcome {
  figures: PrintedFigure[];
  /** All commands exited with 0. */
  isGreen: boolean;
  /** The limit passed. */
  isLate: boolean;
  seconds: number;
  output: string;
}

/** The command as typed in a shell. */
export const commandLine = ({ name, args, env = {} }: Command): string => {
  const settings = Object.entries(env).map(([setting, value]) => `${setting}=${value}`);
  return [...settings, ...(name === 'vitest' ? ['npx'] : []), name, ...args].join(' ');
};

/** The figures in an output. */
export const readFigures = (output: string): PrintedFigure[] =>
  [...output.matchAll(/figure: (?<name>.+?) (?<json>\{.*\})\s*$/gm)].map(({ groups = {} }) => ({
    name: groups.name ?? '',
    values: JSON.parse(groups.json ?? '{}'),
  }));

const running = new Set<ChildProcess>();

/** Kills the process group of a command. */
const kill = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has already exited.
  }
};
process.on('exit', () => running.forEach(kill));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

interface ExitResult {
  code: number | null;
  output: string;
}

const runOne = async ({ name, args, env }: Command, signal: AbortSignal): Promise<ExitResult> => {
  const child = spawn(name, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  signal.addEventListener('abort', () => kill(child));
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code, output };
};

/** Runs the commands until all have exited or the limit (s) has passed. */
export const runCommands = async (commands: readonly Command[], limitSeconds: number): Promise<Outcome> => {
  const startedAt = performance.now();
  const limit = AbortSignal.timeout(Math.round(limitSeconds * 1000));
  const ended = await Promise.all(commands.map((command) => runOne(command, limit)));
  const output = ended.map((one) => one.output).join('\n');
  return {
    figures: readFigures(output),
    isGreen: ended.every(({ code }) => code === 0),
    isLate: limit.aborted,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    output,
  };
};
