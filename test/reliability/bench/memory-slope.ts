// Detects memory leaks of the runtime function: it is called some ten thousand times in this process, the memory held is
// measured after forced collections, and the slope per call must be near zero. Needs --expose-gc. CALLS is the number of calls.
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { printFigure } from '../../support/run/figure.ts';
import { startBackend } from './bench-backend.ts';
import { linearFit, type Sample } from './linear-fit.ts';
import { runtimeCalls } from './runtime-calls.ts';

const CALLS = Number(process.env.CALLS ?? 40_000);
/** During these calls compiled code and bounded caches still grow. */
const WARM_UP_CALLS = Number(process.env.WARM_UP_CALLS ?? 8_000);
const SETTLING_ROUNDS = 20;
const SAMPLES = Number(process.env.SAMPLES ?? 60);
const GOAL_BYTES = 50;

const { gc } = globalThis;
if (!gc) throw new Error('run this with node --expose-gc');

// The function writes its log as usual, but it is not printed.
const show = process.stdout.write.bind(process.stdout);
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = show;
  }
};

/** Without V8's compiled code, which varies by megabytes and would hide a leak. */
const OBJECT_SPACES = new Set(['new_space', 'old_space', 'new_large_object_space', 'large_object_space']);

const heldBytes = async (): Promise<number> => {
  // Finalizers of a first collection may release more only a turn later.
  for (let round = 0; round < 2; round++) {
    gc();
    await turn();
  }
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => OBJECT_SPACES.has(space_name));
  return spaces.reduce((sum, space) => sum + space.space_used_size, process.memoryUsage().external);
};

const measure = async (call: (index: number) => Promise<void>): Promise<Sample[]> => {
  const samples: Sample[] = [];
  for (let index = 0; index < WARM_UP_CALLS; index++) await call(index);
  // V8 drops unused compiled code after a few collections.
  for (let round = 0; round < SETTLING_ROUNDS; round++) await heldBytes();
  for (let made = 0; made < CALLS; made++) {
    if (made % Math.floor(CALLS / SAMPLES) === 0) samples.push({ x: made, y: await heldBytes() });
    await call(WARM_UP_CALLS + made);
  }
  return [...samples, { x: CALLS, y: await heldBytes() }];
};

const startedAt = performance.now();
const { handler, refreshes } = await startBackend();
const samples = await quietly(async () => measure(await runtimeCalls(handler)));
const { slope, slopeBound } = linearFit(samples);
const megabytes = (sample: Sample | undefined) => ((sample?.y ?? 0) / 2 ** 20).toFixed(2);
console.log(`held: from ${megabytes(samples[0])} to ${megabytes(samples.at(-1))} MB, ${refreshes()} refreshes`);
printFigure('memory slope', {
  calls: CALLS,
  bytesPerCall: Number(slope.toFixed(1)),
  bound: Number(slopeBound.toFixed(1)),
  seconds: Math.round((performance.now() - startedAt) / 1000),
});
process.exit(slopeBound < GOAL_BYTES ? 0 : 1);
