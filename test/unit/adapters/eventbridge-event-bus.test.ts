// Events sent to EventBridge: their form, the size of a call, and which events are reported as failed.
import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { eventbridgeEventBus } from '../../../lib/adapters/eventbridge/eventbridge-event-bus.ts';
import type { CredentialEvent } from '../../../lib/domain/credential/credential-event.ts';

const eventbridge = mockClient(EventBridgeClient);
afterAll(() => eventbridge.restore());
afterAll(() => eventbridge.restore());
const bus = eventbridgeEventBus('Keyhold', new EventBridgeClient({ region: 'us-east-1' }));

beforeEach(() => {
  eventbridge.reset();
});

const event = (given: Partial<CredentialEvent> = {}): CredentialEvent => ({
  eventId: 'e1',
  change: 'created',
  userId: 'alice',
  provider: 'openai',
  credentialId: 'c1',
  version: 1,
  occurredAt: '2030-01-01T00:00:00.000Z',
  ...given,
});
const events = (count: number) => Array.from({ length: count }, (_, index) => event({ eventId: `e${index}` }));

const takeAll = ({ Entries = [] }: PutEventsCommandInput) => ({
  FailedEntryCount: 0,
  Entries: Entries.map((_, index) => ({ EventId: `id-${index}` })),
});
const calls = () => eventbridge.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries ?? []);
const named = (name: string) => Object.assign(new Error('canary'), { name });

describe('eventbridgeEventBus', () => {
  it('sends source, detail type and the event as the detail', async () => {
    eventbridge.on(PutEventsCommand).callsFake(takeAll);
    expect(await bus.publish([event({ change: 'reconnect_required', reason: 'expired' })])).toEqual(new Map());
    const [[entry]] = calls() as [[NonNullable<PutEventsCommandInput['Entries']>[number]]];
    const { Detail = '', ...rest } = entry;
    expect(rest).toEqual({
      EventBusName: 'Keyhold',
      Source: 'keyhold',
      DetailType: 'credential.reconnect_required',
      Time: new Date('2030-01-01T00:00:00Z'),
    });
    expect(JSON.parse(Detail)).toEqual(event({ change: 'reconnect_required', reason: 'expired' }));
  });

  it('makes no call for no events', async () => {
    expect(await bus.publish([])).toEqual(new Map());
    expect(calls()).toHaveLength(0);
  });

  it('sends ten entries per call, in order', async () => {
    eventbridge.on(PutEventsCommand).callsFake(takeAll);
    await bus.publish(events(23));
    expect(calls().map((entries) => entries.length)).toEqual([10, 10, 3]);
    const ids = calls().flatMap((entries) => entries.map(({ Detail = '' }) => JSON.parse(Detail).eventId));
    expect(ids).toEqual(events(23).map(({ eventId }) => eventId));
  });

  it('stays below 256 KB per call for every user id', async () => {
    eventbridge.on(PutEventsCommand).callsFake(takeAll);
    const longest = { userId: '\u0001'.repeat(2048), credentialId: 'c'.repeat(128), provider: 'p'.repeat(64) };
    await bus.publish(Array.from({ length: 10 }, () => event(longest)));
    expect(Buffer.byteLength(JSON.stringify(calls()[0]))).toBeLessThan(256 * 1024);
  });

  it('returns the refused entries with their error codes', async () => {
    eventbridge.on(PutEventsCommand).callsFake((input: PutEventsCommandInput) => {
      const { Entries } = takeAll(input);
      return {
        FailedEntryCount: 1,
        Entries: Entries.with(1, { EventId: '', ErrorCode: 'ThrottlingException' } as never),
      };
    });
    expect(await bus.publish(events(13))).toEqual(
      new Map([
        [1, 'ThrottlingException'],
        [11, 'ThrottlingException'],
      ]),
    );
  });

  it.each([
    ['without entries', {}],
    ['with fewer', { FailedEntryCount: 0, Entries: [{ EventId: 'id' }] }],
  ])('counts entries as failed in a response %s', async (_, answer) => {
    eventbridge.on(PutEventsCommand).resolves(answer);
    expect((await bus.publish(events(2))).get(1)).toBe('NoAnswer');
  });

  it.each(['AccessDeniedException', 'InternalException', 'TimeoutError', 'ECONNREFUSED'])(
    'returns all remaining entries as failed after %s, and does not throw',
    async (name) => {
      eventbridge.on(PutEventsCommand).callsFakeOnce(takeAll).rejects(named(name));
      const failed = await bus.publish(events(35));
      expect([...failed.keys()]).toEqual(Array.from({ length: 25 }, (_, index) => index + 10));
      expect(new Set(failed.values())).toEqual(new Set([name]));
      expect(calls()).toHaveLength(2);
    },
  );
});
