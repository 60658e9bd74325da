// Memory that ten thousand calls leave behind: the slope that the memory benchmark fits, times ten thousand. No memory is the floor.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Effort, Findings } from '../measure/figure.ts';

const CALLS = 10_000;
const SCRIPT = fileURLToPath(new URL('../memory-slope.ts', import.meta.url));

interface Slope {
  bytesPerCall: number;
  bound: number;
}

/** The script exits with 1 above its own goal: the figure it prints counts here. */
const runScript = async (calls: number, warmUpCalls: number, samples: number): Promise<Slope> => {
  const env = { ...process.env, CALLS: String(calls), WARM_UP_CALLS: String(warmUpCalls), SAMPLES: String(samples) };
  const child = spawn(process.execPath, ['--expose-gc', SCRIPT], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const output = (await child.stdout.setEncoding('utf8').toArray()).join('');
  const line = /^figure: memory slope (\{.*\})$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`the memory benchmark printed no figure: ${output}`);
  return JSON.parse(line);
};

/** Measures memory. `low` and `high` are the slope and its 95 % bound: a single fit over many samples has no rounds. */
export const measureMemory = async ({ quick }: Effort): Promise<Findings> => {
  const { bytesPerCall, bound } = quick ? await runScript(60, 20, 5) : await runScript(2 * CALLS, 8_000, 60);
  const value = bytesPerCall * CALLS;
  const goal = { max: 50 * CALLS };
  const compares = 'bytes held after 10,000 more calls; 95 % bound';
  const spread = { low: value, high: bound * CALLS, rounds: 1 };
  return { figures: [{ name: 'memoryPer10000Calls', compares, unit: 'B', value, ...spread, goal }], units: [] };
};
