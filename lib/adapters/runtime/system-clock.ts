// The only reader of the system time.
import type { Clock } from '../../domain/ports/runtime.ts';

/** Implements `Clock`, uncorrected. */
export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };
