// The stand-in for EventBridge, called with the SDK's client.
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEventBridge } from '../../../../local/aws/eventbridge-stand-in.ts';

const start = async () => {
  const { endpoint, events, close } = await startEventBridge();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
    close();
  });
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  return { events, put, endpoint };
};

const entry = (detail: unknown, given: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  EventBusName: 'keyhold',
  Source: 'keyhold',
  DetailType: 'credential.created',
  Detail: typeof detail === 'string' ? detail : JSON.stringify(detail),
  Time: new Date(),
  ...given,
});

describe('the EventBridge stand-in', () => {
  it('lists details with their types, oldest first', async () => {
    const { events, put } = await start();
    const answer = await put(entry({ eventId: '1', userId: 'é' }), entry({ eventId: '2' }, { DetailType: 'x' }));
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }, {}] });
    expect(events()).toEqual([
      { type: 'credential.created', eventId: '1', userId: 'é' },
      { type: 'x', eventId: '2' },
    ]);
  });

  it('lists a repeated event once, at its first position', async () => {
    const { events, put } = await start();
    await put(entry({ eventId: '1' }), entry({ eventId: '2' }));
    await put(entry({ eventId: '1' }), entry({ eventId: '3' }));
    expect(events().map(({ eventId }) => eventId)).toEqual(['1', '2', '3']);
  });

  // A thousand calls: on a busy machine they take longer than the usual limit.
  it('keeps the newest ten thousand events', { timeout: 60_000 }, async () => {
    const { events, put } = await start();
    for (let first = 0; first < 10_010; first += 10) {
      await put(...Array.from({ length: 10 }, (_, index) => entry({ eventId: String(first + index) })));
    }
    expect(events()).toHaveLength(10_000);
    expect([events()[0]?.eventId, events().at(-1)?.eventId]).toEqual(['10', '10009']);
  });

  it.each<[string, PutEventsRequestEntry, string]>([
    ['a detail that is not JSON', entry('x'), 'MalformedDetail'],
    ['a detail that is no object', entry('[]'), 'MalformedDetail'],
    ['no detail', entry('{}', { Detail: undefined }), 'MalformedDetail'],
    ['no source', entry('{}', { Source: undefined }), 'InvalidArgument'],
    ['no type', entry('{}', { DetailType: undefined }), 'InvalidArgument'],
  ])('refuses an entry with %s and accepts the others', async (_, bad, code) => {
    const { events, put } = await start();
    const { FailedEntryCount, Entries = [] } = await put(entry({ eventId: '1' }), bad, entry({ eventId: '2' }));
    expect(FailedEntryCount).toBe(1);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, code, undefined]);
    expect(events()).toHaveLength(2);
  });

  it('refuses more than ten entries', async () => {
    const { events, put } = await start();
    const eleven = Array.from({ length: 11 }, (_, index) => entry({ eventId: String(index) }));
    await expect(put(...eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(events()).toEqual([]);
  });

  it('refuses a host name other than this machine (DNS rebinding)', async () => {
    const { endpoint } = await start();
    const headers = { 'x-amz-target': 'AWSEvents.PutEvents', origin: 'http://evil.example' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: '{"Entries":[]}' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ __type: 'AccessDeniedException' });
  });
});
