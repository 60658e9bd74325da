// Events on an EventBridge bus. What it did not take is told, never thrown: the stream delivers it again. A call ends
// within its own bound, so that all of a delivery ends within the function's.
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { CredentialEvent } from '../../domain/credential/credential-event.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';

const CONNECT_MILLISECONDS = 500;
const REQUEST_MILLISECONDS = 1_000;
const ATTEMPTS = 2;

const newClient = () =>
  new EventBridgeClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });

/**
 * As many as PutEvents takes. Their 256 KB are out of reach: the longest that is ours to choose, the user id, comes out of
 * a key of 2 KB at most, six bytes of JSON for each of its own.
 */
const MOST_ENTRIES = 10;

const entryOf = (busName: string, event: CredentialEvent): PutEventsRequestEntry => ({
  EventBusName: busName,
  Source: 'keyhold',
  DetailType: `credential.${event.change}`,
  Time: new Date(event.occurredAt),
  Detail: JSON.stringify(event),
});

/** The bus's word for each entry that it did not take. An entry that got no answer counts as one of them. */
const put = async (client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<[number, string][]> => {
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
  return entries.flatMap((_, index): [number, string][] => {
    const { EventId, ErrorCode = 'NoAnswer' } = Entries[index] ?? {};
    return EventId ? [] : [[index, ErrorCode]];
  });
};

export const eventbridgeEventBus = (busName: string, client: EventBridgeClient = newClient()): EventBus => ({
  async publish(events) {
    const entries = events.map((event) => entryOf(busName, event));
    const failed = new Map<number, string>();
    let next = 0;
    try {
      for (; next < entries.length; next += MOST_ENTRIES) {
        const refused = await put(client, entries.slice(next, next + MOST_ENTRIES));
        for (const [index, fault] of refused) failed.set(next + index, fault);
      }
    } catch (error) {
      // Nor is it asked for the rest, which is delivered again anyway.
      for (; next < entries.length; next++) failed.set(next, error instanceof Error ? error.name : 'Error');
    }
    return failed;
  },
});
