// The contract of the user store, checked on the in-memory store and on the table engine.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { CredentialSummary, rowId, type SummaryRow } from '../../../lib/domain/credential/rows.ts';
import type { UserStore } from '../../../lib/domain/ports/user-store.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { memoryUserStore } from '../../support/memory/memory-user-store.ts';
import { adding, storedCredential, storedManagedKey, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const table = await openTestTable();

const stores: [string, UserStore][] = [
  ['memory', memoryUserStore(memoryTable())],
  ['dynamodb', dynamodbUserStore(table)],
];

describe.each(stores)('user store: %s', (_, store) => {
  let userId: string;
  beforeEach(() => {
    userId = `user ${uniqueToken()}`;
  });

  it('returns nothing for an unknown user', async () => {
    expect(await store.readUser(userId)).toEqual({ userRecord: null, rows: [] });
    expect(await store.readUserRecord(userId)).toBeNull();
    expect(await store.readCredential(userId, 'c1')).toBeNull();
    expect(await store.readManaged(userId, 'ayrshare')).toBeNull();
  });

  it('reads what was written, with version + 1', async () => {
    const credential = storedCredential({ userId, title: 'Mine', scopes: ['a', 'b'], expiresAt: 5_000 });
    expect(await store.write(userId, userWrite([adding(credential)]))).toEqual({ kind: 'written' });
    const { userRecord, rows } = await store.readUser(userId);
    expect(userRecord).toEqual({ version: 1, count: 1, erasing: null, erasures: 0 });
    expect(rows).toEqual([{ readable: true, credential, rowVersion: { version: 1, secretRev: credential.secretRev } }]);
    expect(await store.readCredential(userId, 'c1')).toEqual(rows[0]);
  });

  it('separates users whose ids look like each other’s keys', async () => {
    const ids = [userId, `${userId}#`, `${userId}#CRED`, `${userId}%23`, `${userId}/`, `${userId}\0`];
    for (const id of ids) await store.write(id, userWrite([adding(storedCredential({ userId: id }))]));
    for (const id of ids) expect((await store.readUser(id)).userRecord?.version).toBe(1);
  });

  it('refuses an add over a stored credential and leaves everything as it was', async () => {
    const first = storedCredential({ userId });
    await store.write(userId, userWrite([adding(first)]));
    const outcome = await store.write(userId, userWrite([adding(storedCredential({ userId, provider: 'groq' }))]));
    expect(outcome).toMatchObject({ kind: 'refused', userRecordRefused: false, refused: [0] });
    const { userRecord, rows } = await store.readUser(userId);
    expect(userRecord).toMatchObject({ version: 1, count: 1 });
    expect(rows).toMatchObject([{ credential: first }]);
  });

  it('recognizes a repeated write', async () => {
    const write = userWrite([adding(storedCredential({ userId }))]);
    await store.write(userId, write);
    expect(await store.write(userId, write)).toEqual({ kind: 'written' });
    expect((await store.readUserRecord(userId))?.version).toBe(1);
  });

  it.each([
    [0, true],
    [1, false],
  ])('accepts a first write at expected version %i: %s', async (expectedVersion, written) => {
    const outcome = await store.write(userId, userWrite([adding(storedCredential({ userId }))], { expectedVersion }));
    expect(outcome.kind === 'written').toBe(written);
  });

  it('refuses an outdated version and returns the current one', async () => {
    await store.write(userId, userWrite([adding(storedCredential({ userId }))]));
    await store.write(userId, userWrite([adding(storedCredential({ userId, id: 'c2' }))], { expectedVersion: 1 }));
    for (const expectedVersion of [0, 1, 3]) {
      const write = userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }], { expectedVersion });
      expect(await store.write(userId, write)).toMatchObject({
        kind: 'refused',
        userRecordRefused: true,
        userRecord: { version: 2 },
        refused: [],
      });
    }
  });

  it('reports version, credential and limit separately when all are refused', async () => {
    await store.write(userId, userWrite([adding(storedCredential({ userId }))]));
    const write = userWrite([adding(storedCredential({ userId }))], { expectedVersion: 9, maxCredentials: 1 });
    expect(await store.write(userId, write)).toMatchObject({
      userRecordRefused: true,
      refused: [0],
      userRecord: { version: 1 },
    });
  });

  it('enforces the limit, and accepts an add after a delete', async () => {
    const limited = { maxCredentials: 2 };
    for (const id of ['a', 'b']) {
      await store.write(userId, userWrite([adding(storedCredential({ userId, id }))], limited));
    }
    const third = userWrite([adding(storedCredential({ userId, id: 'c' }))], limited);
    expect(await store.write(userId, third)).toMatchObject({ kind: 'refused', userRecordRefused: true, refused: [] });
    await store.write(userId, userWrite([{ kind: 'remove', credentialId: 'a', when: 'present' }], limited));
    expect(await store.write(userId, { ...third, token: uniqueToken() })).toEqual({ kind: 'written' });
  });

  it('refuses more at once than the limit allows, even to a new user', async () => {
    const credentials = ['a', 'b', 'c'].map((id) => adding(storedCredential({ userId, id })));
    const outcome = await store.write(userId, userWrite(credentials, { maxCredentials: 2 }));
    expect(outcome).toMatchObject({ kind: 'refused', userRecordRefused: true });
    expect(await store.readUserRecord(userId)).toBeNull();
  });

  it('writes all changes or none', async () => {
    await store.write(userId, userWrite([adding(storedCredential({ userId, id: 'a' }))]));
    const outcome = await store.write(
      userId,
      userWrite([
        adding(storedCredential({ userId, id: 'b' })),
        { kind: 'remove', credentialId: 'missing', when: 'present' },
        { kind: 'remove', credentialId: 'a', when: 'present' },
      ]),
    );
    expect(outcome).toMatchObject({ kind: 'refused', refused: [1] });
    expect((await store.readUser(userId)).rows).toMatchObject([{ credential: { id: 'a' } }]);
  });

  it('replaces a row only if it has not changed since it was read', async () => {
    const first = storedCredential({ userId });
    await store.write(userId, userWrite([adding(first)]));
    const rowVersion = { version: 1, secretRev: first.secretRev };
    const second = storedCredential({ userId, version: 2, title: 'second' });
    expect(await store.write(userId, userWrite([{ kind: 'put', credential: second, when: rowVersion }]))).toEqual({
      kind: 'written',
    });
    const late = storedCredential({ userId, version: 2, title: 'late' });
    for (const change of [
      { kind: 'put', credential: late, when: rowVersion },
      { kind: 'remove', credentialId: 'c1', when: rowVersion },
    ] as const) {
      expect(await store.write(userId, userWrite([change]))).toMatchObject({ kind: 'refused', refused: [0] });
    }
    expect(await store.readCredential(userId, 'c1')).toMatchObject({ credential: { title: 'second' } });
  });

  it('refuses the row version of a credential that was deleted and created again', async () => {
    const first = storedCredential({ userId });
    await store.write(userId, userWrite([adding(first)]));
    await store.write(userId, userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }]));
    await store.write(userId, userWrite([adding(storedCredential({ userId, title: 'again' }))]));
    const late = { ...first, version: 2 };
    const rowVersion = { version: 1, secretRev: first.secretRev };
    const outcome = await store.write(userId, userWrite([{ kind: 'put', credential: late, when: rowVersion }]));
    expect(outcome).toMatchObject({ kind: 'refused', refused: [0] });
  });

  it('stores a managed key that must be absent, and never over another', async () => {
    const [first, second] = [storedManagedKey({ userId }), storedManagedKey({ userId })];
    const other = storedManagedKey({ userId, provider: 'other' });
    const storing = (managed: typeof first) => userWrite([{ kind: 'putManaged', managed, when: 'absent' }]);
    expect(await store.write(userId, storing(first))).toEqual({ kind: 'written' });
    expect(await store.write(userId, storing(second))).toMatchObject({ kind: 'refused', refused: [0] });
    await store.write(userId, storing(other));
    expect(await store.readManaged(userId, 'ayrshare')).toEqual({ readable: true, managed: first });
    const keys = await store.readManagedKeys(userId);
    expect(keys.toSorted((a, b) => (a.provider < b.provider ? -1 : 1))).toEqual([
      { provider: 'ayrshare', row: { readable: true, managed: first } },
      { provider: 'other', row: { readable: true, managed: other } },
    ]);
    expect(await store.readManagedKeys(`${userId} other`)).toEqual([]);
  });

  it('names every refused change of a write', async () => {
    for (const id of ['a', 'c']) await store.write(userId, userWrite([adding(storedCredential({ userId, id }))]));
    const changes = ['a', 'b', 'c'].map((id) => adding(storedCredential({ userId, id })));
    expect(await store.write(userId, userWrite(changes))).toMatchObject({ kind: 'refused', refused: [0, 2] });
  });

  it('keeps the last managed key of each provider and does not count it', async () => {
    const [first, second] = [storedManagedKey({ userId }), storedManagedKey({ userId })];
    for (const managed of [first, second]) await store.write(userId, userWrite([{ kind: 'putManaged', managed }]));
    expect(await store.readManaged(userId, 'ayrshare')).toEqual({ readable: true, managed: second });
    expect(await store.readUser(userId)).toMatchObject({ userRecord: { version: 2, count: 0 }, rows: [] });
    const removal = () => userWrite([{ kind: 'removeManaged', provider: 'ayrshare' }]);
    expect(await store.write(userId, removal())).toEqual({ kind: 'written' });
    expect(await store.write(userId, removal())).toMatchObject({ kind: 'refused', refused: [0] });
  });

  it('stores all of fifty concurrent adds and raises the version by fifty', async () => {
    const adds = Array.from({ length: 50 }, (_, index) =>
      store.write(userId, userWrite([adding(storedCredential({ userId, id: `c${index}` }))])),
    );
    expect(await Promise.all(adds)).toEqual(adds.map(() => ({ kind: 'written' })));
    const { userRecord, rows } = await store.readUser(userId);
    expect(userRecord).toMatchObject({ version: 50, count: 50 });
    expect(rows).toHaveLength(50);
  });

  it('accepts one of twenty writes at the same version', async () => {
    await store.write(userId, userWrite([adding(storedCredential({ userId }))]));
    const writes = Array.from({ length: 20 }, (_, index) =>
      store.write(userId, userWrite([adding(storedCredential({ userId, id: `w${index}` }))], { expectedVersion: 1 })),
    );
    const outcomes = await Promise.all(writes);
    expect(outcomes.filter((outcome) => outcome.kind === 'written')).toHaveLength(1);
    expect((await store.readUserRecord(userId))?.version).toBe(2);
  });

  it('reads summaries by provider and all of them, without sealed parts, as soon as they are written', async () => {
    const rows = [
      storedCredential({ userId, id: 'b', provider: 'groq', title: 'B', scopes: ['s'], accountId: 'a' }),
      storedCredential({ userId, id: 'a', provider: 'openai', expiresAt: 7 }),
      storedCredential({ userId, id: 'c', provider: 'openai2' }),
    ];
    await store.write(userId, userWrite(rows.map(adding)));
    const summaries = rows.map((row) => ({ readable: true, credential: CredentialSummary.parse(row) }));
    const byId = (read: SummaryRow[]) => read.toSorted((a, b) => (rowId(a) < rowId(b) ? -1 : 1));
    expect(byId(await store.readSummaries(userId, { kind: 'all' }))).toEqual([
      summaries[1],
      summaries[0],
      summaries[2],
    ]);
    expect(await store.readSummaries(userId, { kind: 'provider', provider: 'openai' })).toEqual([summaries[1]]);
    expect(await store.readSummaries(userId, { kind: 'provider', provider: 'open' })).toEqual([]);
    expect(await store.readSummaries(userId, { kind: 'url', domain: 'example.com' })).toEqual([]);
    expect(await store.readSummaries(`${userId}#`, { kind: 'all' })).toEqual([]);
  });

  it('reads the summaries of the host-scoped credentials of a domain alone', async () => {
    const host = storedCredential({ userId, id: 'h', type: 'host_scoped', host: 'a.example.com' });
    const other = storedCredential({ userId, id: 'o', type: 'host_scoped', host: 'example.com.example' });
    await store.write(userId, userWrite([adding(host), adding(other), adding(storedCredential({ userId }))]));
    const read = (domain: string) => store.readSummaries(userId, { kind: 'url', domain });
    expect(await read('example.com')).toMatchObject([{ credential: { id: 'h' } }]);
    expect(await read('example')).toEqual([]);
  });

  it('finds a host-scoped credential by its new host, and not by the old one, as soon as it is replaced', async () => {
    const before = storedCredential({ userId, id: 'h', type: 'host_scoped', host: 'a.example.com' });
    await store.write(userId, userWrite([adding(before)]));
    const after = { ...before, host: '*.example.org', version: 2, secretRev: uniqueToken() };
    await store.write(userId, userWrite([{ kind: 'put', credential: after, when: before }]));
    const read = (domain: string) => store.readSummaries(userId, { kind: 'url', domain });
    expect(await read('example.org')).toMatchObject([{ credential: { id: 'h', host: '*.example.org' } }]);
    expect(await read('example.com')).toEqual([]);
  });

  it('reads the first credential of a provider whole: by time, then by ordinal, then by id', async () => {
    const first = () => store.readFirst(userId, { kind: 'provider', provider: 'openai' });
    expect(await first()).toEqual({ kind: 'none' });
    const places: [string, number, number][] = [
      ['c', 10, 0],
      ['b', 9, 10],
      ['b1', 9, 9],
      ['a', 9, 9],
      ['0', -5, 3],
    ];
    for (const [id, createdAt, ordinal] of places) {
      const row = storedCredential({ userId, id, createdAt, ordinal });
      await store.write(userId, userWrite([adding(row)]));
      expect(await first()).toMatchObject({ kind: 'row', row: { readable: true, credential: row } });
    }
    await store.write(userId, userWrite([adding(storedCredential({ userId, id: 'x', provider: 'a', createdAt: -9 }))]));
    expect(await first()).toMatchObject({ row: { credential: { id: '0' } } });
    await store.write(userId, userWrite([{ kind: 'remove', credentialId: '0', when: 'present' }]));
    expect(await first()).toMatchObject({ row: { credential: { id: 'a' } } });
  });

  it('reads the first host-scoped credential of a domain whole', async () => {
    const read = (domain: string) => store.readFirst(userId, { kind: 'url', domain });
    const scoped = (id: string, host: string, createdAt: number) =>
      storedCredential({ userId, id, type: 'host_scoped', host, createdAt });
    const [later, first] = [scoped('a', '*.example.com', 2), scoped('z', 'b.example.com', 1)];
    await store.write(userId, userWrite([adding(later), adding(storedCredential({ userId })), adding(first)]));
    expect(await read('example.com')).toMatchObject({ kind: 'row', row: { readable: true, credential: first } });
    expect(await read('example')).toEqual({ kind: 'none' });
    await store.write(userId, userWrite([{ kind: 'remove', credentialId: 'z', when: 'present' }]));
    expect(await read('example.com')).toMatchObject({ row: { credential: later } });
  });

  it('shows a replaced credential at once, at the same place', async () => {
    const [a, b] = ['a', 'b'].map((id) => storedCredential({ userId, id }));
    if (!a || !b) throw new Error('no rows');
    await store.write(userId, userWrite([adding(a), adding(b)]));
    const next = { ...a, title: 'New', version: 2, secretRev: uniqueToken() };
    await store.write(userId, userWrite([{ kind: 'put', credential: next, when: a }]));
    expect(await store.readFirst(userId, { kind: 'provider', provider: 'openai' })).toMatchObject({
      row: { credential: next },
    });
    const summaries = await store.readSummaries(userId, { kind: 'all' });
    expect(summaries).toMatchObject([
      { credential: { id: 'a', title: 'New', version: 2 } },
      { credential: { id: 'b' } },
    ]);
  });

  it('reads all pages of an index', async () => {
    const title = 't'.repeat(30_000);
    for (let start = 0; start < 60; start += 20) {
      const changes = Array.from({ length: 20 }, (_, index) =>
        adding(storedCredential({ userId, id: `c${start + index}`, title })),
      );
      await store.write(userId, userWrite(changes));
    }
    expect(await store.readSummaries(userId, { kind: 'all' })).toHaveLength(60);
  });

  it('reads all pages of a user', async () => {
    const sealed = 's'.repeat(30_000);
    for (let start = 0; start < 60; start += 20) {
      const changes = Array.from({ length: 20 }, (_, index) =>
        adding(storedCredential({ userId, id: `c${start + index}`, sealed })),
      );
      await store.write(userId, userWrite(changes));
    }
    const { userRecord, rows } = await store.readUser(userId);
    expect(userRecord?.count).toBe(60);
    expect(rows).toHaveLength(60);
  });

  it('accepts a write only at the expected number of erasures', async () => {
    const under = (expectedErasures: number) =>
      store.write(userId, userWrite([adding(storedCredential({ userId, id: uniqueToken() }))], { expectedErasures }));
    expect(await under(1)).toMatchObject({ kind: 'refused', userRecordRefused: true });
    expect(await under(0)).toEqual({ kind: 'written' });
    expect(await under(0)).toEqual({ kind: 'written' });
  });
});
