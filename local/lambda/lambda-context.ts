// The context of an invocation, as Lambda gives it: the function, the request and the remaining time.
import type { Context } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../aws/local-aws.ts';

/** The timeout of the deployed functions, one second below API Gateway's limit. */
const BUDGET_MILLISECONDS = 29_000;

const refuseCallbacks = (): never => {
  throw new Error('a function returns a promise; the callbacks of older runtimes are not available');
};

/** `started` in epoch milliseconds. */
export const makeContext = (name: string, requestId: string, started = Date.now()): Context => {
  const functionName = `keyhold-${name}`;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, started + BUDGET_MILLISECONDS - Date.now()),
    done: refuseCallbacks,
    fail: refuseCallbacks,
    succeed: refuseCallbacks,
  };
};
