// Runs refresh-sweep as its schedule does on AWS: one run at a time, the next a fixed time after the last has ended. A run that
// fails is reported in one line, and the schedule goes on.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT_ID, REGION } from '../aws/local-aws.ts';
import { reportFault } from '../report-fault.ts';
import type { LambdaFunction } from './invoke.ts';
import { makeContext } from './lambda-context.ts';

/** A running schedule. */
export interface Schedule {
  /** Resolves when the first run has ended, also by a failure, and after five seconds at the latest. */
  firstRun: Promise<void>;
  stop(): void;
}

/** An unreachable provider must not keep the server from starting. */
const FIRST_RUN_MILLISECONDS = 5_000;
const NAME = 'refresh-sweep';

const scheduledEvent = (id: string): object => ({
  version: '0',
  id,
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT_ID,
  time: new Date().toISOString().replace(/\.\d{3}/, ''),
  region: REGION,
  resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/keyhold-${NAME}`],
  detail: {},
});

const runOnce = async (run: LambdaFunction): Promise<void> => {
  const id = randomUUID();
  try {
    await run(scheduledEvent(id), makeContext(NAME, id));
  } catch (error) {
    reportFault(NAME, error);
  }
};

const repeat = async (run: LambdaFunction, seconds: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await sleep(seconds * 1000, undefined, { signal });
    await runOnce(run);
  }
};

/** Runs at once, then again `seconds` after each run has ended. */
export const startSchedule = (run: LambdaFunction, seconds: number): Schedule => {
  const stopped = new AbortController();
  const first = runOnce(run);
  // Stopping aborts the sleep, which rejects.
  first.then(() => repeat(run, seconds, stopped.signal)).catch(() => {});
  return {
    firstRun: Promise.race([first, sleep(FIRST_RUN_MILLISECONDS, undefined, { ref: false })]),
    stop: () => stopped.abort(),
  };
};
