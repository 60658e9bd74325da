// The contract of the state store, checked on the in-memory store and on the table engine.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbErasureStore } from '../../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from '../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import type { StateRow } from '../../../lib/domain/oauth/oauth-state.ts';
import { memoryErasureStore, memoryStateStore } from '../../support/memory/memory-other-stores.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { stateRow, uniqueToken } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const engine = await openTestTable();
const memory = memoryTable();

const worlds = [
  { name: 'memory', states: memoryStateStore(memory), erasures: memoryErasureStore(memory) },
  { name: 'dynamodb', states: dynamodbStateStore(engine), erasures: dynamodbErasureStore(engine) },
];

describe.each(worlds)('state store: $name', ({ states, erasures }) => {
  let userId: string;
  let erasureId: string;
  beforeEach(() => {
    erasureId = uniqueToken();
    userId = uniqueToken();
  });

  const open = (row: StateRow, maxOpen = 100) => states.createState({ row, token: uniqueToken(), maxOpen });
  const mark = (row: StateRow, given: object = {}) =>
    states.consumeState({
      tokenHash: row.tokenHash,
      operationId: uniqueToken(),
      userId: row.userId,
      provider: row.provider,
      receiptHash: null,
      now: row.createdAt,
      ...given,
    });

  it('reads a state as it was created', async () => {
    const row = stateRow({ userId });
    expect(await open(row)).toBe('opened');
    expect(await states.readState(row.tokenHash)).toEqual(row);
    expect(await states.readState('another')).toBeNull();
  });

  it('reserves places within the limit, and a state with a reserved place takes no second one', async () => {
    const row = stateRow({ userId });
    const take = (token = uniqueToken()) =>
      states.takePlace({ place: row, expiresAt: row.expiresAt, token, maxOpen: 2 });
    const token = uniqueToken();
    expect([await take(token), await take(token), await take(), await take()]).toEqual([
      ...['opened', 'opened', 'opened', 'too_many'],
    ]);
    expect(await states.createState({ row, token: uniqueToken(), maxOpen: null })).toBe('opened');
    await states.releaseState(row);
    expect([await take(), await take()]).toEqual(['opened', 'too_many']);
  });

  it('consumes a state once among concurrent callers', async () => {
    const row = stateRow({ userId });
    await open(row);
    const marks = await Promise.all(Array.from({ length: 20 }, () => mark(row)));
    expect(marks.filter((marked) => marked !== null)).toHaveLength(1);
  });

  it('recognizes its own consumption after a lost response', async () => {
    const row = stateRow({ userId });
    await open(row);
    const operationId = uniqueToken();
    expect(await mark(row, { operationId })).toMatchObject({ usedBy: operationId });
    expect(await mark(row, { operationId })).toMatchObject({ usedBy: operationId });
    expect(await mark(row)).toBeNull();
  });

  it.each([
    ['another user', { userId: 'mallory' }],
    ['another provider', { provider: 'google' }],
    ['its last moment gone', { now: 1_200_000 }],
  ])('does not consume a state for %s, and leaves it usable', async (_, wrong) => {
    const row = stateRow({ userId });
    await open(row);
    expect(await mark(row, wrong)).toBeNull();
    expect(await mark(row, { now: 1_199_999 })).not.toBeNull();
  });

  it('does not consume an unknown state', async () => {
    expect(await mark(stateRow({ userId }))).toBeNull();
  });

  it('limits the open states of a user in one window, without released ones', async () => {
    const rows = [0, 1, 2].map(() => stateRow({ userId }));
    expect(await open(rows[0] as StateRow, 2)).toBe('opened');
    expect(await open(rows[1] as StateRow, 2)).toBe('opened');
    expect(await open(rows[2] as StateRow, 2)).toBe('too_many');
    expect(await open(stateRow({ userId, window: 2 }), 2)).toBe('opened');
    expect(await open(stateRow({ userId: uniqueToken() }), 2)).toBe('opened');
    await states.releaseState(rows[0] as StateRow);
    expect(await open(rows[2] as StateRow, 2)).toBe('opened');
  });

  it('never counts below zero', async () => {
    const row = stateRow({ userId });
    await open(row, 1);
    for (let i = 0; i < 3; i++) await states.releaseState(row);
    expect(await open(stateRow({ userId }), 1)).toBe('opened');
    expect(await open(stateRow({ userId }), 1)).toBe('too_many');
  });

  it('refuses a token that is taken, and leaves its state and the count as they are', async () => {
    const row = stateRow({ userId });
    expect(await open(row, 2)).toBe('opened');
    expect(await open({ ...row, sealed: 'other' }, 2)).toBe('taken');
    expect(await states.readState(row.tokenHash)).toEqual(row);
    expect(await open(stateRow({ userId }), 2)).toBe('opened');
  });

  it('recognizes a repeated creation', async () => {
    const row = stateRow({ userId });
    const token = uniqueToken();
    expect(await states.createState({ row, token, maxOpen: 1 })).toBe('opened');
    expect(await states.createState({ row, token, maxOpen: 1 })).toBe('opened');
  });

  it('refuses a state prepared before an erasure', async () => {
    await erasures.beginErasure(userId, { id: erasureId, at: 5 });
    expect(await open(stateRow({ userId }))).toBe('erasing');
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(await open(stateRow({ userId, erasures: 0 }))).toBe('erasing');
    expect(await open(stateRow({ userId, erasures: 1 }))).toBe('opened');
  });

  const connection = () => stateRow({ userId, kind: 'connection' });
  const park = (row: StateRow, given: object = {}) =>
    states.storePendingCode({
      tokenHash: row.tokenHash,
      receiptHash: uniqueToken(),
      pendingCode: 'code',
      codeHash: uniqueToken(),
      repeatableAfter: row.createdAt - 60_000,
      now: row.createdAt,
      ...given,
    });

  it('stores the first code of a connection and no other', async () => {
    const row = connection();
    await open(row);
    const parked = await Promise.all(Array.from({ length: 10 }, () => park(row)));
    expect(parked.filter(Boolean)).toHaveLength(1);
    expect(await states.readState(row.tokenHash)).toMatchObject({
      pendingCode: 'code',
      receiptHash: expect.any(String),
    });
  });

  it('stores the same response again under another receipt, while it is repeatable', async () => {
    const row = connection();
    await open(row);
    const first = { codeHash: 'same', receiptHash: 'one' };
    expect(await park(row, first)).toBe(true);
    expect(await park(row, { ...first, receiptHash: 'two', now: row.createdAt + 10 })).toBe(true);
    const stored = { codeHash: 'same', receiptHash: 'two', codeAt: row.createdAt };
    expect(await states.readState(row.tokenHash)).toMatchObject(stored);
    expect(await park(row, { ...first, receiptHash: 'three', repeatableAfter: row.createdAt })).toBe(false);
    expect(await park(row, { codeHash: 'other', receiptHash: 'three' })).toBe(false);
    expect(await states.readState(row.tokenHash)).toMatchObject(stored);
    await mark(row);
    expect(await park(row, { ...first, receiptHash: 'three' })).toBe(false);
  });

  it('consumes under the receipt that was read, and under no older one', async () => {
    const row = connection();
    await open(row);
    await park(row, { codeHash: 'same', receiptHash: 'one' });
    await park(row, { codeHash: 'same', receiptHash: 'two' });
    expect(await mark(row, { receiptHash: 'one' })).toBeNull();
    expect(await states.readState(row.tokenHash)).toMatchObject({ usedBy: null });
    expect(await mark(row, { receiptHash: 'two' })).toMatchObject({ receiptHash: 'two' });
  });

  it('recognizes its own pending code after a lost response', async () => {
    const row = connection();
    await open(row);
    const receiptHash = uniqueToken();
    expect(await park(row, { receiptHash })).toBe(true);
    expect(await park(row, { receiptHash })).toBe(true);
  });

  it.each([
    ['expired', { now: 1_200_000 }, {}],
    ['of another kind', {}, { kind: 'external' }],
  ] as const)('stores no code for a state that is %s', async (_, wrong, kind) => {
    const row = { ...connection(), ...kind };
    await open(row);
    expect(await park(row, wrong)).toBe(false);
  });

  it('stores no code for a consumed or unknown state', async () => {
    const row = connection();
    expect(await park(row)).toBe(false);
    await open(row);
    await mark(row);
    expect(await park(row)).toBe(false);
    expect(await states.noteDenial(row.tokenHash, row.createdAt)).toBe(false);
  });

  it('records a denial before a code has arrived, never after it', async () => {
    const row = connection();
    await open(row);
    expect(await states.noteDenial(row.tokenHash, row.createdAt)).toBe(true);
    expect(await states.readState(row.tokenHash)).toMatchObject({ deniedAt: row.createdAt });
    expect(await park(row)).toBe(true);
    expect(await states.noteDenial(row.tokenHash, row.createdAt)).toBe(false);
  });

  it('lets one of many callers claim a poll, until its time has passed', async () => {
    const row = stateRow({ userId, kind: 'device', pollAfter: 605_000, pollSeconds: 5 });
    await open(row);
    const claim = { tokenHash: row.tokenHash, from: 605_000, until: 610_000, pollSeconds: 10, now: 605_000 };
    const claims = await Promise.all(Array.from({ length: 10 }, () => states.claimPoll(claim)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await states.readState(row.tokenHash)).toMatchObject({ pollAfter: 610_000, pollSeconds: 10 });
  });

  it('records the credential of a consumed state only', async () => {
    const row = stateRow({ userId, kind: 'device' });
    await open(row);
    await states.noteResult(row.tokenHash, 'c1');
    expect((await states.readState(row.tokenHash))?.credentialId).toBeNull();
    await mark(row);
    await states.noteResult(row.tokenHash, 'c1');
    expect((await states.readState(row.tokenHash))?.credentialId).toBe('c1');
  });
});
