// The deadline of an invocation, kept in async context: all code of the invocation sees it without a parameter, and concurrent
// invocations do not see each other's.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deadline } from '../../domain/ports/runtime.ts';

const ends = new AsyncLocalStorage<AbortSignal>();

/** Implements `Deadline`. */
export const callDeadline: Deadline = {
  during: (end, work) => ends.run(end, work),
};

/** The signal that is aborted at the deadline of the current invocation; undefined if there is none. */
export const endOfCall = (): AbortSignal | undefined => ends.getStore();
