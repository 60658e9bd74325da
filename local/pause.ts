// Waiting in the background: cut short by a signal, longer and longer after failures.
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MILLISECONDS = 100;
const LONGEST_MILLISECONDS = 5_000;

/** Resolves after so long, or at the signal. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});

/** How long to wait after so many failures in a row: doubling, bounded. */
export const waitAfter = (failures: number): number =>
  Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** failures);
