// Function instances: each has a clock of its own, wrong by up to ten minutes and drifting, that only the real table clock corrects.
// One runs one invocation at a time. A frozen instance stands still; its monotonic clock may too.
import { type TableClock, tableClock } from '../../../../lib/adapters/dynamodb/table-clock.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';

export interface FunctionInstance {
  /** What the operations are given. */
  clock: TableClock;
  /** Uncorrected. */
  own: { now: () => number; elapsed: () => number };
  /** Call when it was frozen for so long. */
  noteFreeze: (milliseconds: number) => void;
}

/** The instances that run nothing now. */
export interface FunctionInstances {
  take(): FunctionInstance;
  giveBack(instance: FunctionInstance): void;
}

const LARGEST_ERROR_MILLISECONDS = 600_000;
/** A poor quartz: two seconds a day. */
const LARGEST_DRIFT = 0.000_025;

const create = (prng: Prng, { now }: Pick<Scheduler, 'now'>): FunctionInstance => {
  const startedAt = now();
  const error = prng.chance(0.3) ? 0 : prng.below(2 * LARGEST_ERROR_MILLISECONDS) - LARGEST_ERROR_MILLISECONDS;
  const rate = 1 + (prng.fraction() * 2 - 1) * LARGEST_DRIFT;
  const stopsInFreeze = prng.chance(0.5);
  let frozen = 0;
  const own = {
    now: () => Math.floor(startedAt + error + (now() - startedAt) * rate),
    elapsed: () => (now() - startedAt) * rate - frozen,
  };
  return {
    own,
    clock: tableClock(own),
    noteFreeze: (milliseconds) => {
      if (stopsInFreeze) frozen += milliseconds;
    },
  };
};

/** An invocation gets an idle instance or, as after a burst or a deployment, a new one. */
export const createFunctionInstances = (prng: Prng, scheduler: Pick<Scheduler, 'now'>): FunctionInstances => {
  const idle: FunctionInstance[] = [];
  return {
    take: () => {
      if (idle.length === 0 || prng.chance(0.2)) return create(prng, scheduler);
      return idle.splice(prng.below(idle.length), 1)[0] as FunctionInstance;
    },
    giveBack: (instance) => void idle.push(instance),
  };
};
