// The context of an invocation, as Lambda gives it: the function, the request and the remaining time.
import type { Context } from 'aws-lambda';
import { FUNCTION_MILLISECONDS } from '../../lib/platform.ts';
import { ACCOUNT_ID, REGION } from '../aws/local-aws.ts';

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
    getRemainingTimeInMillis: () => Math.max(0, started + FUNCTION_MILLISECONDS - Date.now()),
    done: refuseCallbacks,
    fail: refuseCallbacks,
    succeed: refuseCallbacks,
  };
};
