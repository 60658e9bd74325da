// The deadline of an invocation, kept in async context: all code of the invocation sees it without a parameter, and concurrent
// invocations do not see each other's.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deadline } from '../../domain/ports/runtime.ts';
import { systemClock } from './system-clock.ts';

interface RunningCall {
  signal: AbortSignal;
  /** By `elapsed` of the clock. */
  endsAt: number;
}

const calls = new AsyncLocalStorage<RunningCall>();

/** Implements `Deadline`. */
export const callDeadline: Deadline = {
  during: ({ signal, milliseconds }, work) => calls.run({ signal, endsAt: systemClock.elapsed() + milliseconds }, work),
};

/** The signal that is aborted at the deadline of the current invocation; undefined if there is none. */
export const endOfCall = (): AbortSignal | undefined => calls.getStore()?.signal;

/** Milliseconds until the deadline of the current invocation; undefined if there is none. */
export const leftOfCall = (): number | undefined => {
  const call = calls.getStore();
  return call && call.endsAt - systemClock.elapsed();
};
