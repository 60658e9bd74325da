// Behind the retrying port, a lost answer is never taken for a refusal and nothing is done twice; an engine that is gone
// or hangs causes a named fault within bounded time.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbConfigurationStore } from '../../../lib/adapters/dynamodb/dynamodb-configuration-store.ts';
import { dynamodbErasureStore } from '../../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from '../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { openTable } from '../../../lib/adapters/dynamodb/table.ts';
import { retryingPort } from '../../../lib/adapters/resilience/retrying-port.ts';
import { cryptoRandom } from '../../../lib/adapters/runtime/crypto-random.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { timerSleep } from '../../../lib/adapters/runtime/timer-sleep.ts';
import { faultyWire } from '../../support/http/wire-faults.ts';
import { adding, stateRow, storedCredential, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const timing = { clock: systemClock, random: cryptoRandom, sleep: timerSleep };
const table = await openTestTable();
const wire = faultyWire(table);
const users = retryingPort(dynamodbUserStore(table), timing);
const erasures = retryingPort(dynamodbErasureStore(table), timing);
const states = retryingPort(dynamodbStateStore(table), timing);
const configuration = retryingPort(dynamodbConfigurationStore(table), timing);

let userId: string;
let erasureId: string;
beforeEach(() => {
  erasureId = uniqueToken();
  userId = uniqueToken();
  wire.plan();
});

describe('a lost response', () => {
  it('of an add is recognized as success', async () => {
    wire.plan('lost', 'lost');
    expect(await users.write(userId, userWrite([adding(storedCredential({ userId }))]))).toEqual({ kind: 'written' });
    expect(wire.calls).toHaveLength(3);
    expect(await users.readUserRecord(userId)).toMatchObject({ version: 1, count: 1 });
  });

  it('of a conditional write is recognized as success', async () => {
    await users.write(userId, userWrite([adding(storedCredential({ userId }))]));
    wire.plan('lost');
    const write = userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }], { expectedVersion: 1 });
    expect(await users.write(userId, write)).toEqual({ kind: 'written' });
    expect(await users.readUserRecord(userId)).toMatchObject({ version: 2, count: 0 });
  });

  it('of consuming a state is recognized as success', async () => {
    const row = stateRow({ userId });
    await states.createState({ row, token: uniqueToken(), maxOpen: 9 });
    wire.plan('lost', 'lost');
    const mark = { tokenHash: row.tokenHash, userId, provider: row.provider, receiptHash: null, now: row.createdAt };
    expect(await states.consumeState({ ...mark, operationId: 'mine' })).toMatchObject({ usedBy: 'mine' });
    expect(await states.consumeState({ ...mark, operationId: 'other' })).toBeNull();
  });

  it('of creating a state counts it once', async () => {
    wire.plan('lost');
    const first = { row: stateRow({ userId }), token: uniqueToken(), maxOpen: 2 };
    expect(await states.createState(first)).toBe('opened');
    const second = { row: stateRow({ userId }), token: uniqueToken(), maxOpen: 2 };
    expect(await states.createState(second)).toBe('opened');
  });

  it('of a release is not repeated', async () => {
    const row = stateRow({ userId });
    await states.createState({ row, token: uniqueToken(), maxOpen: 9 });
    wire.plan('lost');
    await states.releaseState(row);
    expect(wire.calls).toHaveLength(1);
  });

  it('at any step of an erasure does not stop it', async () => {
    await users.write(userId, userWrite([adding(storedCredential({ userId }))]));
    wire.plan('lost', 'none', 'lost', 'none', 'lost', 'none', 'lost', 'none');
    expect(await erasures.beginErasure(userId, { id: erasureId, at: 5, expectedVersion: 1 })).toEqual({
      kind: 'started',
      erasureId,
      since: 5,
    });
    const keys = (await erasures.readErasable(userId)).map((row) => row.key);
    expect(await erasures.removeRows(userId, erasureId, { token: uniqueToken(), keys })).toBe(true);
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(wire.calls).toHaveLength(8);
    expect(await users.readUser(userId)).toMatchObject({ userRecord: { erasing: null, count: 0 }, rows: [] });
  });

  it('of writing the configuration leads to the same write', async () => {
    wire.plan('lost');
    await configuration.writeConfiguration({ systemCredentialIds: ['x'], providers: [] });
    expect(await configuration.readConfiguration()).toEqual({ systemCredentialIds: ['x'], providers: [] });
  });
});

const conflict = {
  error: 'TransactionCanceledException',
  reasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
};

describe('a busy engine', () => {
  it.each([
    ['a transaction conflict', conflict],
    ['a conflict with a single write', { error: 'TransactionConflictException' }],
    ['a transaction still in progress', { error: 'TransactionInProgressException' }],
    ['a throttle', { error: 'ThrottlingException' }],
    ['too much throughput', { error: 'ProvisionedThroughputExceededException' }],
    ['an internal error', { error: 'InternalServerError' }],
  ])('that responds with %s is called again', async (_, fault) => {
    wire.plan(fault, fault, fault);
    expect(await users.write(userId, userWrite([adding(storedCredential({ userId }))]))).toEqual({ kind: 'written' });
    expect(wire.calls).toHaveLength(4);
  });

  it('gets the same idempotency token with all attempts', async () => {
    const tokens: unknown[] = [];
    table.client.middlewareStack.add(
      (next) => async (args) => {
        tokens.push((args.input as { ClientRequestToken?: string }).ClientRequestToken);
        return next(args);
      },
      { step: 'initialize', name: 'tokens' },
    );
    wire.plan(conflict, 'lost', conflict);
    const write = userWrite([adding(storedCredential({ userId }))]);
    await users.write(userId, write);
    table.client.middlewareStack.remove('tokens');
    expect(tokens).toEqual([write.token, write.token, write.token, write.token]);
  });

  it('that stays busy leads to store_busy', async () => {
    wire.plan(...Array.from({ length: 500 }, () => conflict));
    const write = retryingPort(dynamodbUserStore(table), impatient).write(
      userId,
      userWrite([adding(storedCredential({ userId }))]),
    );
    await expect(write).rejects.toMatchObject({ code: 'store_busy' });
    wire.plan();
    expect(await users.readUserRecord(userId)).toBeNull();
  });
});

/** The patience of a second, so that three outages do not take a quarter of a minute. */
const impatient = { ...timing, clock: { ...systemClock, elapsed: () => systemClock.elapsed() * 4 } };

const elsewhere = async (endpoint: string) => {
  const before = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const moved = openTable('keyhold');
  // The endpoint is read with the first call.
  const result = retryingPort(dynamodbUserStore(moved), impatient).readUserRecord('u');
  await Promise.resolve(result).catch(() => {});
  process.env.AWS_ENDPOINT_URL_DYNAMODB = before;
  return result;
};

describe('an engine that is gone', () => {
  it('is store_unavailable when nothing listens', async () => {
    await expect(elsewhere('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is store_unavailable when its name is unknown', async () => {
    await expect(elsewhere('http://nowhere.invalid')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is store_unavailable when it accepts a call and never responds', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(elsewhere(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'store_unavailable' });
    server.close();
  });

  it('is store_unavailable at once when the table is missing', async () => {
    const missing = retryingPort(dynamodbUserStore({ ...table, name: 'no-such-table' }), timing);
    wire.plan();
    await expect(missing.readUserRecord('u')).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(wire.calls).toHaveLength(1);
  });
});
