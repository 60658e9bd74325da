// Runs on the table's stream: publishes credential events. It may read the stream and has no access to the table or its keys.
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { publishEventsDeps } from '../lib/container/publish-events.ts';
import { publishEvents } from '../lib/operations/operator/publish-events.ts';
import { entryPoint } from './handlers/entry-point.ts';

type PublishDeps = ReturnType<typeof publishEventsDeps>;

/** Lambda repeats the batch from the first identifier it is answered (ReportBatchItemFailures). */
const publishBatch = async (deps: PublishDeps, { Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const { resumeAt, ...counts } = await publishEvents(deps, deps.readStreamRecords(Records));
  if (counts.failed > 0 || counts.skipped > 0) deps.log.warn('events not published', counts);
  return { batchItemFailures: resumeAt === null ? [] : [{ itemIdentifier: resumeAt }] };
};

/** The Lambda entry point: a batch of the table's stream in, the first failed record out. */
export const handler = entryPoint('publish-events', () => {
  const deps = publishEventsDeps();
  return { log: deps.log, handle: (event: DynamoDBStreamEvent) => publishBatch(deps, event) };
});
