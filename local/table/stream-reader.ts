// Follows the table's stream and hands what concerns credentials to the function that publishes events. In the background
// and in silence: whatever becomes of it, no request is touched. Each server reads the stream for itself, from its start.
import { pause, waitAfter } from '../pause.ts';
import { reportFault } from '../report-fault.ts';
import { deliver, type Subscriber } from './stream-delivery.ts';
import { isOfCredential, toLambdaRecord } from './stream-record.ts';
import { type Shards, shardsOf } from './stream-shards.ts';
import { NoStream, openTableStream, type TableStream } from './table-stream.ts';

export interface StreamSource {
  endpoint: string;
  tableName: string;
}

interface Followed {
  stream: TableStream;
  shards: Shards;
}

const IDLE_MILLISECONDS = 200;
/** While there is something, so that what is written meanwhile gathers into one batch. */
const BUSY_MILLISECONDS = 50;
/** A hiccup is nobody's business; one that lasts is said once. */
const FAILURES_TO_REPORT = 10;

const open = async ({ endpoint, tableName }: StreamSource, signal: AbortSignal): Promise<Followed> => {
  const stream = await openTableStream(endpoint, tableName, signal);
  return { stream, shards: shardsOf(stream) };
};

const readOnce = ({ stream: { arn, signal }, shards }: Followed, subscriber: Subscriber): Promise<boolean> =>
  shards.readOnce((records) => {
    const wanted = records.filter(isOfCredential).map((record) => toLambdaRecord(record, arn));
    return deliver(subscriber, wanted, signal);
  });

/** The table was made anew, and its stream with it. */
const isGone = (error: unknown): boolean => (error as Error).name === 'ResourceNotFoundException';

/** Throws `NoStream`; outlives every other failing of the engine. */
const follow = async (source: StreamSource, subscriber: Subscriber, signal: AbortSignal): Promise<void> => {
  let followed: Followed | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      followed ??= await open(source, signal);
      const isAny = await readOnce(followed, subscriber);
      failures = 0;
      await pause(isAny ? BUSY_MILLISECONDS : IDLE_MILLISECONDS, signal);
    } catch (error) {
      if (error instanceof NoStream) throw error;
      if (isGone(error)) followed = undefined;
      if (++failures === FAILURES_TO_REPORT) reportFault('reading the stream of the table', error);
      await pause(waitAfter(failures), signal);
    }
  }
  followed?.stream.client.destroy();
};

export const startStreamReader = (source: StreamSource, subscriber: Subscriber): { stop(): void } => {
  const stopped = new AbortController();
  follow(source, subscriber, stopped.signal).catch(() =>
    console.error(`keyhold: the table engine at ${source.endpoint} has no stream: there will be no events`),
  );
  return { stop: () => stopped.abort() };
};
