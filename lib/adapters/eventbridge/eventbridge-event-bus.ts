// Publishes events on an EventBridge bus. Events that fail are returned, never thrown: the stream delivers them again. Each call
// has its own time limit, so that a whole batch ends within the function's.
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { CredentialEvent } from '../../domain/credential/credential-event.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import { SDK_TIMEOUTS } from '../../platform.ts';

const ATTEMPTS = 2;

const newClient = () =>
  new EventBridgeClient({
    maxAttempts: ATTEMPTS,
    requestHandler: SDK_TIMEOUTS,
  });

/**
 * The most entries that PutEvents takes. Its size limit of 256 KB cannot be reached: the longest field, the user id, comes from
 * a key of at most 2 KB, and JSON escapes take at most six bytes for each of its bytes.
 */
const MAX_ENTRIES = 10;

const buildEntry = (busName: string, event: CredentialEvent): PutEventsRequestEntry => ({
  EventBusName: busName,
  Source: 'keyhold',
  DetailType: `credential.${event.change}`,
  Time: new Date(event.occurredAt),
  Detail: JSON.stringify(event),
});

/** Sends one call. Returns index → error code of the entries that failed; an entry without a result counts as failed. */
const put = async (client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<[number, string][]> => {
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
  return entries.flatMap((_, index): [number, string][] => {
    const { EventId, ErrorCode = 'NoAnswer' } = Entries[index] ?? {};
    return EventId ? [] : [[index, ErrorCode]];
  });
};

/** Implements `EventBus` on the bus of that name. */
export const eventbridgeEventBus = (busName: string, client: EventBridgeClient = newClient()): EventBus => ({
  async publish(events) {
    const entries = events.map((event) => buildEntry(busName, event));
    const failed = new Map<number, string>();
    let next = 0;
    try {
      for (; next < entries.length; next += MAX_ENTRIES) {
        const refused = await put(client, entries.slice(next, next + MAX_ENTRIES));
        for (const [index, fault] of refused) failed.set(next + index, fault);
      }
    } catch (error) {
      // The rest is not sent: the stream delivers it again anyway.
      for (; next < entries.length; next++) failed.set(next, error instanceof Error ? error.name : 'Error');
    }
    return failed;
  },
});
