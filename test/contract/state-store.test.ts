// What every state store does, held on the fake and on the engine alike.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbErasureStore } from '../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from '../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import type { StateRow } from '../../lib/domain/oauth-state.ts';
import { memoryErasureStore, memoryStateStore } from '../support/memory/memory-other-stores.ts';
import { memoryTable } from '../support/memory/memory-table.ts';
import { stateRow, uniqueToken } from '../support/stored.ts';
import { openTestTable } from '../support/test-engine.ts';

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

  const open = (row: StateRow, maxOpen = 100) => states.openState({ row, token: uniqueToken(), maxOpen });
  const mark = (row: StateRow, given: object = {}) =>
    states.markStateUsed({
      tokenHash: row.tokenHash,
      operationId: uniqueToken(),
      userId: row.userId,
      provider: row.provider,
      now: row.createdAt,
      ...given,
    });

  it('gives back what was opened', async () => {
    const row = stateRow({ userId });
    expect(await open(row)).toBe('opened');
    expect(await states.readState(row.tokenHash)).toEqual(row);
    expect(await states.readState('another')).toBeNull();
  });

  it('is marked used once, whoever else tries', async () => {
    const row = stateRow({ userId });
    await open(row);
    const marks = await Promise.all(Array.from({ length: 20 }, () => mark(row)));
    expect(marks.filter((marked) => marked !== null)).toHaveLength(1);
  });

  it('recognises its own mark after a lost answer', async () => {
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
  ])('is not marked for %s, and not spent by the attempt', async (_, wrong) => {
    const row = stateRow({ userId });
    await open(row);
    expect(await mark(row, wrong)).toBeNull();
    expect(await mark(row, { now: 1_199_999 })).not.toBeNull();
  });

  it('does not mark what was never opened', async () => {
    expect(await mark(stateRow({ userId }))).toBeNull();
  });

  it('limits the flows of one user in one window, and counts a released one no more', async () => {
    const rows = [0, 1, 2].map(() => stateRow({ userId }));
    expect(await open(rows[0] as StateRow, 2)).toBe('opened');
    expect(await open(rows[1] as StateRow, 2)).toBe('opened');
    expect(await open(rows[2] as StateRow, 2)).toBe('too_many');
    expect(await open(stateRow({ userId, window: 2 }), 2)).toBe('opened');
    expect(await open(stateRow({ userId: uniqueToken() }), 2)).toBe('opened');
    await states.releaseState(rows[0] as StateRow);
    expect(await open(rows[2] as StateRow, 2)).toBe('opened');
  });

  it('does not go below none when it releases more than was opened', async () => {
    const row = stateRow({ userId });
    await open(row, 1);
    for (let i = 0; i < 3; i++) await states.releaseState(row);
    expect(await open(stateRow({ userId }), 1)).toBe('opened');
    expect(await open(stateRow({ userId }), 1)).toBe('too_many');
  });

  it('takes a repeated opening for its own', async () => {
    const row = stateRow({ userId });
    const token = uniqueToken();
    expect(await states.openState({ row, token, maxOpen: 1 })).toBe('opened');
    expect(await states.openState({ row, token, maxOpen: 1 })).toBe('opened');
  });

  it('opens nothing that was prepared before an erasure', async () => {
    await erasures.beginErasure(userId, erasureId);
    expect(await open(stateRow({ userId }))).toBe('erasing');
    await erasures.finishErasure(userId, erasureId, 4_000_000_000);
    expect(await open(stateRow({ userId, erasures: 0 }))).toBe('erasing');
    expect(await open(stateRow({ userId, erasures: 1 }))).toBe('opened');
  });
});
