// The time that a refresh may take, computed in this one place: a call to the provider and every retry of the write after it
// fit into the lease, and the lease into the function's own limit. So no refresh starts whose result could not be stored.
import { FUNCTION_MILLISECONDS } from '../../platform.ts';

/** The part of the function's own time limit that is reserved for answering. */
const ANSWER_MILLISECONDS = 500;
/** The longest call of the retrying port to the table: four seconds of retries, and one for the last attempt. */
export const STORE_MILLISECONDS = 5_000;
/** For reading the row again and opening it, with a KMS at its slowest or in a process with two hundred calls at once. */
const MARGIN_MILLISECONDS = 3_000;
/** How long a caller without a valid token waits for another caller's refresh. */
const WAIT_MILLISECONDS = 3_000;

/** The time limits of the parts of a refresh, in milliseconds. */
export interface RefreshBudget {
  /** One call of the token endpoint. */
  exchangeMilliseconds: number;
  storeMilliseconds: number;
  leaseMilliseconds: number;
  waitMilliseconds: number;
  /** From the start of an operation to its answer. */
  answerMilliseconds: number;
}

const least = (exchangeMilliseconds: number): number => exchangeMilliseconds + STORE_MILLISECONDS + MARGIN_MILLISECONDS;

/** Computes the time limits. The operator's lease is made no shorter than the work under it and no longer than the function's limit. */
export const refreshBudget = (exchangeMilliseconds: number, leaseMilliseconds = 0): RefreshBudget => {
  const answerMilliseconds = FUNCTION_MILLISECONDS - ANSWER_MILLISECONDS;
  return {
    exchangeMilliseconds,
    storeMilliseconds: STORE_MILLISECONDS,
    leaseMilliseconds: Math.min(answerMilliseconds, Math.max(least(exchangeMilliseconds), leaseMilliseconds)),
    waitMilliseconds: WAIT_MILLISECONDS,
    answerMilliseconds,
  };
};

/**
 * How long the next request to a provider may take, of what is left of its call (undefined: no call is waiting). One write of the
 * table follows every request, so its time is kept back; 0 means that nothing may be sent any more.
 */
export const providerMilliseconds = (wantedMilliseconds: number, leftMilliseconds: number | undefined): number =>
  leftMilliseconds === undefined
    ? wantedMilliseconds
    : Math.max(0, Math.min(wantedMilliseconds, leftMilliseconds - STORE_MILLISECONDS));

/** Whether a call to the provider that starts now ends, and its result is stored, before `moment` (epoch milliseconds). */
export const fitsBefore = (budget: RefreshBudget, now: number, moment: number): boolean =>
  now + budget.exchangeMilliseconds + budget.storeMilliseconds <= moment;
