// The contract of the link store, and of the write that spends a link, checked in memory and on the table engine.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbErasureStore } from '../../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { dynamodbLinkStore } from '../../../lib/adapters/dynamodb/link/dynamodb-link-store.ts';
import type { LinkRow } from '../../../lib/domain/link/connect-link.ts';
import { memoryLinkStore } from '../../support/memory/memory-link-store.ts';
import { memoryErasureStore } from '../../support/memory/memory-other-stores.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { memoryUserStore } from '../../support/memory/memory-user-store.ts';
import { adding, storedCredential, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const engine = await openTestTable();
const memory = memoryTable();

const worlds = [
  {
    name: 'memory',
    links: memoryLinkStore(memory),
    users: memoryUserStore(memory),
    erasures: memoryErasureStore(memory),
  },
  {
    name: 'dynamodb',
    links: dynamodbLinkStore(engine),
    users: dynamodbUserStore(engine),
    erasures: dynamodbErasureStore(engine),
  },
];

const NOW = 1_000_000;

describe.each(worlds)('link store: $name', ({ links, users, erasures }) => {
  let userId: string;
  beforeEach(() => {
    userId = uniqueToken();
  });

  const linkRow = (given: Partial<LinkRow> = {}): LinkRow => ({
    tokenHash: uniqueToken(),
    userId,
    kind: 'link',
    sealed: 'sealed',
    erasures: 0,
    windowSeconds: 3_600,
    window: 1,
    browserHash: null,
    spentBy: null,
    createdAt: NOW,
    expiresAt: NOW + 1_000,
    ...given,
  });
  const create = (row: LinkRow, maxOpen = 100, token = uniqueToken()) => links.createLink({ row, token, maxOpen });
  const claim = ({ tokenHash }: LinkRow, browserHash: string, now = NOW) =>
    links.claimLink({ tokenHash, browserHash, now });
  const store = ({ tokenHash }: LinkRow, spending: { browserHash?: string; operationId?: string } = {}) =>
    users.write(userId, {
      ...userWrite([adding(storedCredential({ userId, id: uniqueToken() }))]),
      spends: { tokenHash, browserHash: 'a', operationId: uniqueToken(), ...spending },
    });
  const countStored = async () => (await users.readUserRecord(userId))?.count ?? 0;
  const erase = async () => {
    const id = uniqueToken();
    await erasures.beginErasure(userId, { id, at: NOW });
    const keys = (await erasures.readErasable(userId)).map((row) => row.key);
    expect(await erasures.removeRows(userId, id, { token: uniqueToken(), keys })).toBe(true);
    await erasures.finishErasure(userId, id, 2_000_000_000);
  };

  it('reads a link as it was created', async () => {
    const row = linkRow();
    expect(await create(row)).toBe('created');
    expect(await links.readLink(row.tokenHash)).toEqual(row);
    expect(await links.readLink('another')).toBeNull();
  });

  it('limits the links of a user in one window, and counts a repeated creation once', async () => {
    const [first, token] = [linkRow(), uniqueToken()];
    expect([await create(first, 2, token), await create(first, 2, token)]).toEqual(['created', 'created']);
    expect([await create(linkRow(), 2), await create(linkRow(), 2)]).toEqual(['created', 'too_many']);
    expect(await create(linkRow({ window: 2 }), 2)).toBe('created');
    expect(await create(linkRow({ windowSeconds: 86_400 }), 2)).toBe('created');
  });

  it('gives a link to the first browser, which may claim it again', async () => {
    const row = linkRow();
    await create(row);
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(row, `browser-${n}`)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const holder = `browser-${claims.indexOf(true)}`;
    expect([await claim(row, holder), await claim(row, 'another')]).toEqual([true, false]);
    expect(await links.readLink(row.tokenHash)).toEqual({ ...row, browserHash: holder });
  });

  it('gives away no link that is expired or unknown, and makes none', async () => {
    const row = linkRow();
    await create(row);
    expect(await claim(row, 'a', row.expiresAt)).toBe(false);
    expect(await claim(row, 'a', row.expiresAt - 1)).toBe(true);
    const unknown = linkRow();
    expect(await claim(unknown, 'a')).toBe(false);
    expect(await links.readLink(unknown.tokenHash)).toBeNull();
  });

  it('lets one of many writes by a link store its credential', async () => {
    const row = linkRow();
    await create(row);
    await claim(row, 'a');
    // Contention is repeated by the retrying port; here one after the other.
    const outcomes = [];
    for (let n = 0; n < 5; n++) outcomes.push(await store(row));
    expect(outcomes).toEqual([{ kind: 'written' }, ...Array(4).fill(expect.objectContaining({ linkRefused: true }))]);
    expect(await countStored()).toBe(1);
  });

  it('recognizes the operation that spent a link, and refuses a claim of it', async () => {
    const row = linkRow();
    await create(row);
    await claim(row, 'a');
    const operationId = uniqueToken();
    expect((await store(row, { operationId })).kind).toBe('written');
    expect((await store(row, { operationId })).kind).toBe('written');
    expect(await store(row)).toMatchObject({ kind: 'refused', linkRefused: true, refused: [] });
    expect(await claim(row, 'a')).toBe(false);
    expect(await links.readLink(row.tokenHash)).toMatchObject({ spentBy: operationId });
  });

  it('stores nothing by a link of another browser, or of none, and leaves it usable', async () => {
    const row = linkRow();
    await create(row);
    expect(await store(row)).toMatchObject({ kind: 'refused', linkRefused: true });
    await claim(row, 'a');
    expect(await store(row, { browserHash: 'b' })).toMatchObject({ kind: 'refused', linkRefused: true });
    expect(await store(linkRow())).toMatchObject({ kind: 'refused', linkRefused: true });
    expect(await countStored()).toBe(0);
    expect((await store(row)).kind).toBe('written');
  });

  it('does not spend a link with a write that is refused', async () => {
    const row = linkRow();
    await create(row);
    await claim(row, 'a');
    const write = { ...userWrite([adding(storedCredential({ userId, id: 'c' }))]), maxCredentials: 0 };
    const spends = { tokenHash: row.tokenHash, browserHash: 'a', operationId: uniqueToken() };
    const outcome = await users.write(userId, { ...write, spends });
    expect(outcome).toMatchObject({ kind: 'refused', userRecordRefused: true });
    expect(outcome).not.toHaveProperty('linkRefused');
    expect(await links.readLink(row.tokenHash)).toMatchObject({ spentBy: null });
  });

  it('is erased with the user: no link, no counter, and none that was begun before', async () => {
    const row = linkRow();
    await create(row, 1);
    await claim(row, 'a');
    await erase();
    expect(await links.readLink(row.tokenHash)).toBeNull();
    expect(await erasures.readErasable(userId)).toEqual([]);
    expect([await claim(row, 'a'), await create(linkRow(), 1)]).toEqual([false, 'erasing']);
    expect(await store(row)).toMatchObject({ linkRefused: true });
    expect(await create(linkRow({ erasures: 1 }), 1)).toBe('created');
  });
});
