// Pauses of background work: ended early by a signal, and growing after failures.
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MILLISECONDS = 100;
const MAX_MILLISECONDS = 5_000;

/** Resolves after the time, or at the signal if that is earlier. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});

/** Milliseconds to wait after this many failures in a row: doubled each time, at most five seconds. */
export const backoffMilliseconds = (failures: number): number =>
  Math.min(MAX_MILLISECONDS, FIRST_MILLISECONDS * 2 ** failures);
