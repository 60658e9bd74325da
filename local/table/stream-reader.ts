// Reads the table's stream and delivers the records of credentials to the function that publishes events. It runs in the
// background, and its failures affect no request. Each server reads the whole stream, from its start.
import { backoffMilliseconds, pause } from '../pause.ts';
import { reportFault } from '../report-fault.ts';
import { deliver, type Subscriber } from './stream-delivery.ts';
import { isCredentialRecord, toLambdaRecord } from './stream-record.ts';
import { followShards, type Shards } from './stream-shards.ts';
import { NoStream, openTableStream, type TableStream } from './table-stream.ts';

/** The table whose stream is read. */
export interface StreamSource {
  endpoint: string;
  tableName: string;
}

interface OpenStream {
  stream: TableStream;
  shards: Shards;
}

/** An idle server then uses less than a hundredth of a core for this. */
const IDLE_MILLISECONDS = 1_000;
/** After records were found, as often as Lambda polls a stream: the writes of this time form one batch. */
const BUSY_MILLISECONDS = 250;
/** A short outage is not reported; a longer one is, once. */
const FAILURES_TO_REPORT = 10;

const open = async ({ endpoint, tableName }: StreamSource, signal: AbortSignal): Promise<OpenStream> => {
  const stream = await openTableStream(endpoint, tableName, signal);
  return { stream, shards: followShards(stream) };
};

const readOnce = ({ stream: { arn, signal }, shards }: OpenStream, subscriber: Subscriber): Promise<boolean> =>
  shards.readOnce((records) => {
    const wanted = records.filter(isCredentialRecord).map((record) => toLambdaRecord(record, arn));
    return deliver(subscriber, wanted, signal);
  });

/** The table was created again, and its stream with it. */
const isGone = (error: unknown): boolean => (error as Error).name === 'ResourceNotFoundException';

/** Reads until the signal, through every failure of the engine. Throws `NoStream`. */
const follow = async (source: StreamSource, subscriber: Subscriber, signal: AbortSignal): Promise<void> => {
  let opened: OpenStream | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      opened ??= await open(source, signal);
      const isAny = await readOnce(opened, subscriber);
      failures = 0;
      await pause(isAny ? BUSY_MILLISECONDS : IDLE_MILLISECONDS, signal);
    } catch (error) {
      if (error instanceof NoStream) throw error;
      if (isGone(error)) opened = undefined;
      if (++failures === FAILURES_TO_REPORT) reportFault('reading the stream of the table', error);
      await pause(backoffMilliseconds(failures), signal);
    }
  }
  opened?.stream.client.destroy();
};

/** Reads until `stop`. Without a stream it says so once and ends. */
export const startStreamReader = (source: StreamSource, subscriber: Subscriber): { stop(): void } => {
  const stopped = new AbortController();
  follow(source, subscriber, stopped.signal).catch(() =>
    console.error(`keyhold: the table engine at ${source.endpoint} has no stream, so no events are published`),
  );
  return { stop: () => stopped.abort() };
};
