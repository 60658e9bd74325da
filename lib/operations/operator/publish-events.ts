// Publishes a batch of the table's stream at least once. Lambda resumes a stream at one position, so after a failure every later
// event of the batch is published again.
import { buildCredentialEvent, type StreamRecord } from '../../domain/credential/credential-event.ts';
import type { Deps } from '../../domain/ports/deps.ts';

/** What became of a batch. */
export interface PublishResult {
  /** The stream position of the first failed record; null if none failed. */
  resumeAt: string | null;
  published: number;
  failed: number;
  /** Records that can't be parsed. They do not fail the batch, because redelivery would block the stream. */
  skipped: number;
  /** The event bus's error codes, each once. */
  faults: string[];
}

const toEvents = (records: readonly StreamRecord[]) =>
  records.flatMap((record) => {
    const event = record.kind === 'credential' ? buildCredentialEvent(record.row) : null;
    return record.kind === 'credential' && event ? [{ position: record.position, event }] : [];
  });

/** Publishes the events of the records, in order. Does not throw: an event that may not have arrived is counted in the result. */
export const publishEvents = async (
  { eventBus }: Pick<Deps, 'eventBus'>,
  records: readonly StreamRecord[],
): Promise<PublishResult> => {
  const events = toEvents(records);
  const failed = await eventBus.publish(events.map(({ event }) => event));
  return {
    resumeAt: events.find((_, index) => failed.has(index))?.position ?? null,
    published: events.length - failed.size,
    failed: failed.size,
    skipped: records.filter(({ kind }) => kind === 'unknown').length,
    faults: [...new Set(failed.values())],
  };
};
