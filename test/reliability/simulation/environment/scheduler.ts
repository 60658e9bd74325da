// One thread, many invocations: whoever waits is parked here, and the dice say who goes on next. Time is virtual and moves
// only when somebody is woken. Nobody is woken before everything else has come to rest, so a seed gives one run only.
import type { Dice } from './dice.ts';

/** One run of an operation, as it were in one Lambda; it may die at any await. */
export interface Invocation {
  readonly id: number;
  alive: boolean;
  /** Virtual milliseconds it waited because of a fault or of the scheduler, not of the code. */
  excusedMilliseconds: number;
  onCrash: () => void;
}

interface Parked {
  invocation: Invocation;
  wakeAt: number;
  resume: () => void;
}

export interface Scheduler {
  now(): number;
  /** Counts the awaits passed; orders everything that happens. */
  step(): number;
  pause(invocation: Invocation, milliseconds: number): Promise<void>;
  /** Says whether anything of it is still to go on. */
  isParked(invocation: Invocation): boolean;
  /** The invocation never goes on. */
  kill(invocation: Invocation): void;
  /** Runs until nobody is parked. */
  run(): Promise<void>;
}

/** Whoever is due within so much of the first may go before it. */
const SLACK_MILLISECONDS = 50;
const MAX_STEPS = 50_000;

/** The microtask queue is empty when the next tick comes; no real time is involved. */
const atRest = () => new Promise<void>((resolve) => process.nextTick(resolve));

const takeNext = (parked: Parked[], dice: Dice): Parked => {
  let first = Number.POSITIVE_INFINITY;
  for (const { wakeAt } of parked) first = Math.min(first, wakeAt);
  const due = parked.filter(({ wakeAt }) => wakeAt <= first + SLACK_MILLISECONDS);
  const next = dice.pick(due);
  parked.splice(parked.indexOf(next), 1);
  return next;
};

export const schedulerOf = (dice: Dice, startAt: number): Scheduler => {
  const parked: Parked[] = [];
  let now = startAt;
  let step = 0;
  const wakeOne = () => {
    const { invocation, wakeAt, resume } = takeNext(parked, dice);
    now = Math.max(now, wakeAt);
    invocation.excusedMilliseconds += now - wakeAt;
    step++;
    resume();
  };
  return {
    now: () => now,
    step: () => step,
    pause: (invocation, milliseconds) =>
      new Promise((resume) => {
        if (invocation.alive) parked.push({ invocation, wakeAt: now + Math.ceil(milliseconds), resume });
      }),
    isParked: (invocation) => parked.some((entry) => entry.invocation === invocation),
    kill: (invocation) => {
      invocation.alive = false;
      const left = parked.filter((entry) => entry.invocation !== invocation);
      parked.splice(0, parked.length, ...left);
      invocation.onCrash();
    },
    run: async () => {
      for (await atRest(); parked.length > 0; await atRest()) {
        if (step > MAX_STEPS) throw new Error('the run does not come to rest');
        wakeOne();
      }
    },
  };
};
