// The contract of the erasure store, checked on the in-memory store and on the table engine.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbErasureStore } from '../../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from '../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { memoryErasureStore, memoryStateStore } from '../../support/memory/memory-other-stores.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { memoryUserStore } from '../../support/memory/memory-user-store.ts';
import {
  adding,
  stateRow,
  storedCredential,
  storedManagedKey,
  uniqueToken,
  userWrite,
} from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const engine = await openTestTable();
const memory = memoryTable();

const worlds = [
  {
    name: 'memory',
    users: memoryUserStore(memory),
    erasures: memoryErasureStore(memory),
    states: memoryStateStore(memory),
  },
  {
    name: 'dynamodb',
    users: dynamodbUserStore(engine),
    erasures: dynamodbErasureStore(engine),
    states: dynamodbStateStore(engine),
  },
];

describe.each(worlds)('erasure store: $name', ({ users, erasures, states }) => {
  let userId: string;
  let erasureId: string;
  beforeEach(() => {
    erasureId = uniqueToken();
    userId = uniqueToken();
  });

  const add = (id: string) => users.write(userId, userWrite([adding(storedCredential({ userId, id }))]));
  const removeAll = async () => {
    const keys = (await erasures.readErasable(userId)).map((row) => row.key);
    return erasures.removeRows(userId, erasureId, { token: uniqueToken(), keys });
  };

  it('refuses every write while an erasure is in progress', async () => {
    await add('a');
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await add('b')).toMatchObject({
      kind: 'refused',
      userRecordRefused: true,
      userRecord: { erasing: erasureId },
    });
    const row = stateRow({ userId });
    expect(await states.createState({ row, token: uniqueToken(), maxOpen: 9 })).toBe('erasing');
  });

  it('removes everything but the user record, whose version continues', async () => {
    await add('a');
    await add('b');
    await users.write(userId, userWrite([{ kind: 'putManaged', managed: storedManagedKey({ userId }) }]));
    await states.createState({ row: stateRow({ userId }), token: uniqueToken(), maxOpen: 9 });
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    const kinds = (await erasures.readErasable(userId)).map((row) => row.kind).toSorted();
    expect(kinds).toEqual(['credential', 'credential', 'managed', 'other', 'other']);
    expect(await removeAll()).toBe(true);
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(await erasures.readErasable(userId)).toEqual([]);
    const { userRecord, rows } = await users.readUser(userId);
    expect(rows).toEqual([]);
    expect(userRecord).toEqual({ version: 4, count: 0, erasing: null, erasures: 1 });
    expect(await add('c')).toEqual({ kind: 'written' });
    expect((await users.readUserRecord(userId))?.version).toBe(5);
  });

  it('removes the states of open flows of this user only', async () => {
    const [mine, other] = [stateRow({ userId }), stateRow({ userId: uniqueToken() })];
    for (const row of [mine, other]) await states.createState({ row, token: uniqueToken(), maxOpen: 9 });
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    await removeAll();
    expect(await erasures.readErasable(userId)).toEqual([]);
    expect(await states.readState(mine.tokenHash)).toBeNull();
    expect(await states.readState(other.tokenHash)).not.toBeNull();
    const code = {
      tokenHash: mine.tokenHash,
      pendingCode: 'p',
      receiptHash: 'r',
      codeHash: 'c',
      repeatableAfter: 0,
      now: 700_000,
    };
    expect(await states.storePendingCode(code)).toBe(false);
    expect(await states.readState(mine.tokenHash)).toBeNull();
  });

  it('answers a call that joins an erasure with the time at which it began', async () => {
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await erasures.beginErasure(userId, { id: uniqueToken(), at: 99 })).toMatchObject({ since: 5 });
  });

  it('joins an erasure in progress', async () => {
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await erasures.beginErasure(userId, { id: uniqueToken(), at: 5 })).toEqual({
      kind: 'started',
      erasureId,
      since: 5,
    });
  });

  it('removes nothing that was stored after the erasure ended', async () => {
    await add('a');
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    await removeAll();
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    await add('new');
    expect(await removeAll()).toBe(false);
    expect((await users.readUser(userId)).rows).toHaveLength(1);
  });

  it('begins only at the expected version, and recognizes a repeated beginning', async () => {
    await add('a');
    expect(await erasures.beginErasure(userId, { id: erasureId, at: 5, expectedVersion: 7 })).toMatchObject({
      kind: 'refused',
      userRecord: { version: 1 },
    });
    expect(await erasures.beginErasure(userId, { id: erasureId, at: 5, expectedVersion: 1 })).toEqual({
      kind: 'started',
      erasureId,
      since: 5,
    });
    expect(await erasures.beginErasure(userId, { id: erasureId, at: 5, expectedVersion: 1 })).toEqual({
      kind: 'started',
      erasureId,
      since: 5,
    });
  });

  it('begins once: a call that joins and a late retry change nothing', async () => {
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    const begun = await users.readUserRecord(userId);
    await erasures.beginErasure(userId, { id: uniqueToken(), at: 5 });
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await users.readUserRecord(userId)).toEqual(begun);
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    await add('new');
    const after = await users.readUserRecord(userId);
    expect(await erasures.beginErasure(userId, { id: erasureId, at: 5 })).toEqual({
      kind: 'started',
      erasureId,
      since: 5,
    });
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(await users.readUserRecord(userId)).toEqual(after);
  });

  it('ends once when finishing is repeated', async () => {
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    const userRecord = await users.readUserRecord(userId);
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(await users.readUserRecord(userId)).toEqual(userRecord);
  });

  it('returns at most 99 rows at once', async () => {
    for (const first of [0, 60]) {
      const changes = Array.from({ length: 60 }, (_, i) => adding(storedCredential({ userId, id: `c${first + i}` })));
      await users.write(userId, userWrite(changes));
    }
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await erasures.readErasable(userId)).toHaveLength(99);
    expect(await removeAll()).toBe(true);
    expect(await erasures.readErasable(userId)).toHaveLength(21);
  });

  it('refuses a write started before the erasure, and accepts one started after it', async () => {
    await erasures.beginErasure(userId, { id: 'e1', at: 5 });
    await erasures.finishErasure(userId, 'e1', 4_000_000_000);
    const under = (expectedErasures: number) =>
      users.write(userId, userWrite([adding(storedCredential({ userId }))], { expectedErasures }));
    expect(await under(0)).toMatchObject({ kind: 'refused', userRecordRefused: true, userRecord: { erasures: 1 } });
    expect(await under(1)).toEqual({ kind: 'written' });
  });
});
