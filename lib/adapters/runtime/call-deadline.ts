// The end of the time that a call of a function may take: known to all that runs in the call, and to nothing that runs beside
// it, without being handed on from one to the next.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deadline } from '../../domain/ports/runtime.ts';

const ends = new AsyncLocalStorage<AbortSignal>();

export const callDeadline: Deadline = {
  during: (end, work) => ends.run(end, work),
};

/** Aborted at the end of the call under way; undefined when that has none. */
export const endOfCall = (): AbortSignal | undefined => ends.getStore();
