// Runs commands of the proof side by side, within a limit, and reads the figures that they print. What is still running at the
// limit, or when we end, is ended with all that it has started.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Command {
  /** As found by npm scripts: vitest, node, npm. */
  name: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** A line that a suite prints: `figure: <name> {…}`. */
export interface PrintedFigure {
  name: string;
  values: Readonly<Record<string, number | string>>;
}

export interface Outcome {
  figures: PrintedFigure[];
  /** All of them ended by themselves, without a failure. */
  isGreen: boolean;
  isLate: boolean;
  seconds: number;
  output: string;
}

/** As one types it. */
export const commandLine = ({ name, args, env = {} }: Command): string => {
  const settings = Object.entries(env).map(([setting, value]) => `${setting}=${value}`);
  return [...settings, ...(name === 'vitest' ? ['npx'] : []), name, ...args].join(' ');
};

export const readFigures = (output: string): PrintedFigure[] =>
  [...output.matchAll(/figure: (?<name>.+?) (?<json>\{.*\})\s*$/gm)].map(({ groups = {} }) => ({
    name: groups.name ?? '',
    values: JSON.parse(groups.json ?? '{}'),
  }));

const running = new Set<ChildProcess>();

/** Each has a group of its own. */
const end = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
};
process.on('exit', () => running.forEach(end));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

interface Ended {
  code: number | null;
  output: string;
}

const runOne = async ({ name, args, env }: Command, signal: AbortSignal): Promise<Ended> => {
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
  signal.addEventListener('abort', () => end(child));
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code, output };
};

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
