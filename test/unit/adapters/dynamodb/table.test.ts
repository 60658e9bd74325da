// Calls of the table: errors become a PortFault, failed conditions become a refusal, and bugs are thrown on.
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { attempt, attemptConditional, attemptTransaction, isRefusal } from '../../../../lib/adapters/dynamodb/table.ts';
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);
afterAll(() => dynamodb.restore());
afterAll(() => dynamodb.restore());
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));

beforeEach(() => {
  dynamodb.reset();
});

const named = (name: string, more: object = {}) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: {}, ...more });

const read = () => attempt(() => client.send(new GetCommand({ TableName: 't', Key: { pk: 'p' } })));
const put = () => attemptConditional(() => client.send(new PutCommand({ TableName: 't', Item: { pk: 'p' } })));
const transact = () => attemptTransaction(() => client.send(new TransactWriteCommand({ TransactItems: [] })));

const canceled = (...reasons: { Code?: string; Item?: Record<string, { S: string } | { N: string }> }[]) =>
  new TransactionCanceledException({ message: 'canceled', $metadata: {}, CancellationReasons: reasons });

const busy = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
];
const passing = ['InternalServerError', 'ServiceUnavailable', 'TimeoutError', 'ECONNRESET', 'Error', 'SomethingNew'];
const final = [
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'CredentialsProviderError',
];
const bugs = ['ValidationException', 'IdempotentParameterMismatchException', 'SerializationException'];

const calls = [
  ['attempt', read],
  ['attemptConditional', put],
  ['attemptTransaction', transact],
] as const;

describe.each(calls)('%s', (_, call) => {
  it.each([
    ...busy.map((name) => [name, 'busy', true] as const),
    ...passing.map((name) => [name, 'unavailable', true] as const),
    ...final.map((name) => [name, 'unavailable', false] as const),
  ])('translates %s to a PortFault: %s, retryable: %s', async (name, kind, retryable) => {
    const cause = named(name);
    dynamodb.rejects(cause);
    await expect(call()).rejects.toMatchObject({ name: 'PortFault', kind, retryable, cause });
  });

  it.each(bugs)('rethrows %s, which is a bug', async (name) => {
    const error = named(name);
    dynamodb.rejects(error);
    await expect(call()).rejects.toBe(error);
  });
});

describe('attempt', () => {
  it('returns the result', async () => {
    dynamodb.on(GetCommand).resolves({ Item: { a: 1 } });
    expect((await read()).Item).toEqual({ a: 1 });
  });
});

describe('attemptConditional', () => {
  const refusedWith = (item?: object) => named('ConditionalCheckFailedException', item && { Item: item });

  it('returns the result', async () => {
    dynamodb.on(PutCommand).resolves({ Attributes: { a: 1 } });
    const result = await put();
    expect(isRefusal(result)).toBe(false);
  });

  it('returns a refusal with the stored item when the condition fails', async () => {
    dynamodb.on(PutCommand).rejects(refusedWith({ version: { N: '3' }, title: { S: 'T' } }));
    const result = await put();
    expect(isRefusal(result)).toBe(true);
    expect(result).toEqual({ kind: 'refused', item: { version: 3, title: 'T' } });
  });

  it('returns a refusal without an item when there is none', async () => {
    dynamodb.on(PutCommand).rejects(refusedWith());
    expect(await put()).toEqual({ kind: 'refused', item: null });
  });

  it('reads a number that is not a safe integer', async () => {
    dynamodb.on(PutCommand).rejects(refusedWith({ version: { N: '123456789012345678901234567890' } }));
    expect(await put()).toMatchObject({ kind: 'refused', item: { version: expect.anything() } });
  });
});

describe('attemptTransaction', () => {
  const NONE = { Code: 'None' };
  const FAILED = { Code: 'ConditionalCheckFailed' };

  it('returns null on success', async () => {
    dynamodb.on(TransactWriteCommand).resolves({});
    expect(await transact()).toBeNull();
  });

  it('returns a refusal with the stored item for each failed condition', async () => {
    const item = { version: { N: '3' } };
    dynamodb.on(TransactWriteCommand).rejects(canceled({ ...FAILED, Item: item }, NONE, FAILED, {}));
    expect(await transact()).toEqual([
      { kind: 'refused', item: { version: 3 } },
      null,
      { kind: 'refused', item: null },
      null,
    ]);
  });

  it.each([
    ['a rival', { Code: 'TransactionConflict' }, 'busy'],
    ['a throttle', { Code: 'ThrottlingError' }, 'busy'],
    ['a partition that is too hot', { Code: 'ProvisionedThroughputExceeded' }, 'busy'],
    ['a reason not known', { Code: 'SomethingNew' }, 'unavailable'],
  ])('throws a retryable fault when a failed condition comes with %s', async (_, reason, kind) => {
    for (const reasons of [[reason], [FAILED, reason], [reason, FAILED], [NONE, reason, NONE]]) {
      dynamodb.on(TransactWriteCommand).rejects(canceled(...reasons));
      await expect(transact()).rejects.toMatchObject({ name: 'PortFault', kind, retryable: true });
    }
  });

  it('throws a retryable fault when no reason is given', async () => {
    dynamodb.on(TransactWriteCommand).rejects(canceled());
    await expect(transact()).rejects.toMatchObject({ kind: 'busy', retryable: true });
  });

  it('rethrows a validation error of an item, which is a bug', async () => {
    dynamodb.on(TransactWriteCommand).rejects(canceled(NONE, { Code: 'ValidationError' }));
    await expect(transact()).rejects.not.toBeInstanceOf(PortFault);
  });
});
