// The event bus, in memory and with the real client against the stand-in: events arrive unchanged and in order.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventbridgeEventBus } from '../../../lib/adapters/eventbridge/eventbridge-event-bus.ts';
import type { CredentialEvent } from '../../../lib/domain/credential/credential-event.ts';
import type { EventBus } from '../../../lib/domain/ports/event-bus.ts';
import { startEventBridge } from '../../../local/aws/eventbridge-stand-in.ts';
import { memoryEventBus } from '../../support/memory/memory-event-bus.ts';

interface Opened {
  bus: EventBus;
  heard(): unknown[];
}

const inMemory = async (): Promise<Opened> => {
  const bus = memoryEventBus();
  return { bus, heard: () => bus.events };
};

const onStandIn = async (): Promise<Opened> => {
  const { endpoint, events, close } = await startEventBridge();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => {
    client.destroy();
    close();
  });
  return { bus: eventbridgeEventBus('keyhold', client), heard: () => events().map(({ type, ...event }) => event) };
};

const event = (given: Partial<CredentialEvent>): CredentialEvent => ({
  eventId: 'e1',
  change: 'created',
  userId: 'alice',
  provider: 'openai',
  credentialId: 'c1',
  version: 1,
  occurredAt: '2030-01-01T00:00:00.000Z',
  ...given,
});

describe.each([
  ['in memory', inMemory],
  ['on EventBridge', onStandIn],
])('the event bus %s', (_, open) => {
  it('publishes any number of events unchanged, in order', async () => {
    const { bus, heard } = await open();
    const events = Array.from({ length: 25 }, (_, index) =>
      event({ eventId: `e${index}`, userId: 'é#\u0001\u{1f511}', provider: null, version: null }),
    );
    expect(await bus.publish(events)).toEqual(new Map());
    expect(heard()).toEqual(events);
  });

  it('accepts an empty list', async () => {
    const { bus, heard } = await open();
    expect(await bus.publish([])).toEqual(new Map());
    expect(heard()).toEqual([]);
  });
});
