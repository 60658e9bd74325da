// The function as Lambda calls it: its answer to the stream, and what it logs.
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

vi.stubEnv('TABLE_NAME', 't');
vi.stubEnv('EVENT_BUS_NAME', 'Keyhold');
vi.stubEnv('AWS_REGION', 'us-east-1');
const { handler } = await import('../../../functions/publish-events.ts');

const eventbridge = mockClient(EventBridgeClient);
beforeEach(() => {
  eventbridge.reset();
});

type Attributes = Record<string, AttributeValue>;

const USER = 'alice-the-user';
const stream = (...numbers: (string | undefined)[]): DynamoDBStreamEvent => ({
  Records: numbers.map((SequenceNumber) => ({
    eventID: `e${SequenceNumber}`,
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber,
      ApproximateCreationDateTime: 1_893_456_000,
      Keys: marshall({ pk: `USER#${USER}`, sk: 'CRED#the-credential' }) as Attributes,
      NewImage: marshall({ provider: 'the-provider', version: 1, sealed: 'the-seal' }) as Attributes,
    },
  })),
});

const captureLog = () => {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
};

describe('publish-events', () => {
  it('reports no failure and logs nothing when all events are published', async () => {
    const lines = captureLog();
    eventbridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: '1' }, { EventId: '2' }] });
    expect(await handler(stream('1', '2'))).toEqual({ batchItemFailures: [] });
    expect(lines).toEqual([]);
  });

  it('reports the first failed record', async () => {
    captureLog();
    eventbridge
      .on(PutEventsCommand)
      .resolves({ Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }] });
    expect(await handler(stream('1', '2', '3'))).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  });

  it('skips a record it cannot parse', async () => {
    captureLog();
    eventbridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: '1' }] });
    expect(await handler(stream(undefined, '2'))).toEqual({ batchItemFailures: [] });
    expect(eventbridge.commandCalls(PutEventsCommand)).toHaveLength(1);
  });

  it('logs counts and error names, nothing of a row or user', async () => {
    const lines = captureLog();
    eventbridge.on(PutEventsCommand).rejects(Object.assign(new Error(USER), { name: 'AccessDeniedException' }));
    await handler(stream('1', undefined, '3'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARN',
      published: 0,
      failed: 2,
      skipped: 1,
      faults: ['AccessDeniedException'],
    });
    for (const word of [USER, 'the-credential', 'the-provider', 'the-seal', 'e1']) expect(lines[0]).not.toContain(word);
  });
});
