// Runs on the table's stream: tells the bus what happened to credentials. It may read the stream and nothing else of ours.
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { publishEventsDeps } from '../lib/container.ts';
import { publishEvents } from '../lib/operations/operator/publish-events.ts';

const deps = publishEventsDeps();

export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const { againFrom, ...counts } = await publishEvents(deps, deps.readStreamRecords(Records));
  if (counts.failed > 0 || counts.skipped > 0) deps.log.warn('events not published', counts);
  return { batchItemFailures: againFrom === null ? [] : [{ itemIdentifier: againFrom }] };
};
