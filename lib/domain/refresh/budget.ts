// The time that a refresh may take, computed in this one place: a call to the provider and every retry of the write after it
// fit into the lease, and the lease into the function's own limit. So no refresh is begun that could not be kept.
import { FUNCTION_MILLISECONDS } from '../../platform.ts';

/** What is kept back of the functions' own limit, to answer before it. */
const ANSWER_MILLISECONDS = 500;
/** What one patient call of the table takes at most: four seconds of retries and the last attempt's own. */
export const STORE_MILLISECONDS = 5_000;
/** For reading the row again and opening it, by a KMS at its slowest or in a process that two hundred others share. */
const MARGIN_MILLISECONDS = 3_000;
/** How long a caller without a living token waits for another's refresh. */
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

/** A lease that the operator wants otherwise is never shorter than the work under it, nor longer than the function lives. */
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

/** What an exchange and the write of its result leave of one answer for the call between them that asks whose the token is. */
export const identityMilliseconds = (exchangeMilliseconds: number, wantedMilliseconds: number): number =>
  Math.min(wantedMilliseconds, FUNCTION_MILLISECONDS - ANSWER_MILLISECONDS - STORE_MILLISECONDS - exchangeMilliseconds);

/** Whether a call to the provider begun now can be answered and its result written before a moment. */
export const fitsBefore = (budget: RefreshBudget, now: number, moment: number): boolean =>
  now + budget.exchangeMilliseconds + budget.storeMilliseconds <= moment;
