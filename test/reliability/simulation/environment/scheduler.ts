// Schedules many invocations in one thread: waiting ones are queued here, and the seed decides which continues. Virtual time
// advances only when one is resumed, and only after all others wait, so a seed gives exactly one run.
import type { FunctionInstance } from './function-instances.ts';
import type { Prng } from './prng.ts';

/** One run of an operation, as in one Lambda invocation; it may crash at any await. */
export interface Invocation {
  readonly id: number;
  /** Where it runs. */
  readonly instance: FunctionInstance;
  alive: boolean;
  /** Virtual milliseconds it waited because of a fault or the scheduler, not because of the code. */
  excusedMilliseconds: number;
  onCrash: () => void;
}

interface Waiter {
  invocation: Invocation;
  wakeAt: number;
  resume: () => void;
}

export interface Scheduler {
  now(): number;
  /** Counts the awaits passed; orders all events. */
  step(): number;
  pause(invocation: Invocation, milliseconds: number): Promise<void>;
  /** Whether any part of the invocation is still waiting. */
  isWaiting(invocation: Invocation): boolean;
  /** The invocation never continues. */
  kill(invocation: Invocation): void;
  /** Runs until no invocation waits. */
  run(): Promise<void>;
  /** Asked before an invocation goes on: for how many milliseconds it is frozen instead, with all it waits for. */
  disturb: (invocation: Invocation) => number;
}

/** Invocations due within this many milliseconds of the first may run before it. */
const SLACK_MILLISECONDS = 50;
const MAX_STEPS = 50_000;

/** The microtask queue is empty when the next tick comes; no real time is involved. */
const atRest = () => new Promise<void>((resolve) => process.nextTick(resolve));

const takeNext = (waiters: Waiter[], prng: Prng): Waiter => {
  let first = Number.POSITIVE_INFINITY;
  for (const { wakeAt } of waiters) first = Math.min(first, wakeAt);
  const due = waiters.filter(({ wakeAt }) => wakeAt <= first + SLACK_MILLISECONDS);
  const next = prng.pick(due);
  waiters.splice(waiters.indexOf(next), 1);
  return next;
};

export const createScheduler = (prng: Prng, startAt: number): Scheduler => {
  const waiters: Waiter[] = [];
  let now = startAt;
  let step = 0;
  const freeze = (frozen: Waiter, milliseconds: number) => {
    const thawAt = now + milliseconds;
    waiters.push(frozen);
    for (const waiter of waiters) {
      if (waiter.invocation === frozen.invocation) waiter.wakeAt = Math.max(waiter.wakeAt, thawAt);
    }
    frozen.invocation.excusedMilliseconds += milliseconds;
    frozen.invocation.instance.noteFreeze(milliseconds);
  };
  const wakeOne = () => {
    const waiter = takeNext(waiters, prng);
    const { invocation, wakeAt, resume } = waiter;
    now = Math.max(now, wakeAt);
    const milliseconds = scheduler.disturb(invocation);
    if (milliseconds > 0) return freeze(waiter, milliseconds);
    invocation.excusedMilliseconds += now - wakeAt;
    step++;
    resume();
  };
  const scheduler: Scheduler = {
    disturb: () => 0,
    now: () => now,
    step: () => step,
    pause: (invocation, milliseconds) =>
      new Promise((resume) => {
        if (invocation.alive) waiters.push({ invocation, wakeAt: now + Math.ceil(milliseconds), resume });
      }),
    isWaiting: (invocation) => waiters.some((entry) => entry.invocation === invocation),
    kill: (invocation) => {
      invocation.alive = false;
      const left = waiters.filter((entry) => entry.invocation !== invocation);
      waiters.splice(0, waiters.length, ...left);
      invocation.onCrash();
    },
    run: async () => {
      for (await atRest(); waiters.length > 0; await atRest()) {
        if (step > MAX_STEPS) throw new Error('the run does not come to rest');
        wakeOne();
      }
    },
  };
  return scheduler;
};
