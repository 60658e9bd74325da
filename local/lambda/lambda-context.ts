// The context that Lambda gives an invocation: who it is, and how long it still has.
import type { Context } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../aws/local-aws.ts';

/** The functions' own limit, a second less than API Gateway's patience. */
const BUDGET_MILLISECONDS = 29_000;

const ofAnOlderRuntime = (): never => {
  throw new Error('a function answers by its promise');
};

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
    done: ofAnOlderRuntime,
    fail: ofAnOlderRuntime,
    succeed: ofAnOlderRuntime,
  };
};
