// Delivers records to a function as Lambda's event source mapping does: in batches, again from the first failed record, with
// growing pauses. Unlike Lambda it never gives up: after a restart the stream is read from its start anyway.
import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import type { LambdaFunction } from '../lambda/invoke.ts';
import { makeContext } from '../lambda/lambda-context.ts';
import { backoffMilliseconds, pause } from '../pause.ts';
import { reportFault } from '../report-fault.ts';

/** The batch size of the deployed mapping. */
const BATCH_SIZE = 100;

const BatchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** The function that gets the records. */
export interface Subscriber {
  name: string;
  run: LambdaFunction;
}

/** How many records from the front are done. A failure that names no record of the batch counts for the whole batch. */
const invokeOnce = async ({ name, run }: Subscriber, records: DynamoDBRecord[]): Promise<number> => {
  try {
    const answer = await run({ Records: records }, makeContext(name, randomUUID()));
    const failed = BatchResponse.parse(answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const places = failed.map((id) => records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === id));
    return Math.max(0, Math.min(records.length, ...places));
  } catch (error) {
    reportFault(name, error);
    return 0;
  }
};

/** Resolves when all records are done, or at the signal. */
export const deliver = async (
  subscriber: Subscriber,
  records: readonly DynamoDBRecord[],
  signal: AbortSignal,
): Promise<void> => {
  let failures = 0;
  for (let next = 0; next < records.length && !signal.aborted; ) {
    const batch = records.slice(next, next + BATCH_SIZE);
    const done = await invokeOnce(subscriber, batch);
    next += done;
    failures = done > 0 ? 0 : failures + 1;
    if (done < batch.length) await pause(backoffMilliseconds(failures), signal);
  }
};
