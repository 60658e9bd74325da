// Invokes a function as API Gateway does: 500 when it throws, 503 when it takes longer than the gateway waits. Neither
// affects the next call.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { type Reply, refusals } from '../http/reply.ts';
import { reportFault } from '../report-fault.ts';
import { toReply } from './function-answer.ts';
import { makeContext } from './lambda-context.ts';

/** The handler of a function. */
export type LambdaFunction = (event: object, context: Context) => Promise<unknown>;

/** Which function to invoke, for which request. */
export interface Invocation {
  name: string;
  run: LambdaFunction;
  requestId: string;
}

/** The longest that an HTTP API waits for an integration. */
const LIMIT_MILLISECONDS = 30_000;
const LATE = Symbol('late');

/** Resolves to the answer for the gateway's client; never rejects. */
export const invoke = async (
  { name, run, requestId }: Invocation,
  event: object,
  limitMilliseconds = LIMIT_MILLISECONDS,
): Promise<Reply> => {
  const timer = new AbortController();
  const late = sleep(limitMilliseconds, LATE, { signal: timer.signal, ref: false });
  try {
    const result = await Promise.race([run(event, makeContext(name, requestId)), late]);
    return result === LATE ? refusals.unavailable : toReply(result);
  } catch (error) {
    reportFault(name, error);
    return refusals.internalError;
  } finally {
    late.catch(() => {});
    timer.abort();
  }
};
