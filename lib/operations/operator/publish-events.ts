// Puts what a stretch of the table's stream says of credentials on the bus, at least once. The stream goes back to a place
// and on from there, so from the first event that failed everything is published again.
import { credentialEvent, type StreamRecord } from '../../domain/credential/credential-event.ts';
import type { Deps } from '../../domain/ports/deps.ts';

export interface PublishedStretch {
  /** Where in the stream to begin again; null: it is done. */
  againFrom: string | null;
  published: number;
  failed: number;
  /** Records that nobody could understand: delivered again they would stop the stream for ever. */
  skipped: number;
  /** The bus's words for what failed, each once. */
  faults: string[];
}

const eventsOf = (records: readonly StreamRecord[]) =>
  records.flatMap((record) => {
    const event = record.about === 'credential' ? credentialEvent(record.row) : null;
    return record.about === 'credential' && event ? [{ position: record.position, event }] : [];
  });

export const publishEvents = async (
  { eventBus }: Pick<Deps, 'eventBus'>,
  records: readonly StreamRecord[],
): Promise<PublishedStretch> => {
  const told = eventsOf(records);
  const failed = await eventBus.publish(told.map(({ event }) => event));
  return {
    againFrom: told.find((_, index) => failed.has(index))?.position ?? null,
    published: told.length - failed.size,
    failed: failed.size,
    skipped: records.filter(({ about }) => about === 'unknown').length,
    faults: [...new Set(failed.values())],
  };
};
