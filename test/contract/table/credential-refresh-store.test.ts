// The contract of the credential refresh store, checked on the in-memory store and on the table engine.
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbCredentialRefreshStore } from '../../../lib/adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { dynamodbErasureStore } from '../../../lib/adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import type { CredentialRefreshStore } from '../../../lib/domain/ports/credential-refresh-store.ts';
import type { ErasureStore } from '../../../lib/domain/ports/erasure-store.ts';
import type { UserStore } from '../../../lib/domain/ports/user-store.ts';
import type { RefreshLease } from '../../../lib/domain/refresh/lease.ts';
import type { RefreshedSecret } from '../../../lib/domain/refresh/result.ts';
import { dueShards } from '../../../lib/domain/refresh/schedule.ts';
import { memoryCredentialRefreshStore } from '../../support/memory/memory-credential-refresh-store.ts';
import { memoryErasureStore } from '../../support/memory/memory-other-stores.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { memoryUserStore } from '../../support/memory/memory-user-store.ts';
import { adding, storedCredential, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const table = await openTestTable();
const memory = memoryTable();

const inMemory = {
  users: memoryUserStore(memory),
  grants: memoryCredentialRefreshStore(memory),
  erasures: memoryErasureStore(memory),
};
const onEngine = {
  users: dynamodbUserStore(table),
  grants: dynamodbCredentialRefreshStore(table),
  erasures: dynamodbErasureStore(table),
};

const stores: [string, { users: UserStore; grants: CredentialRefreshStore; erasures: ErasureStore }][] = [
  ['memory', inMemory],
  ['dynamodb', onEngine],
];

const [SHARD = '', OTHER = ''] = dueShards;

const lease = (given: Partial<RefreshLease> = {}): RefreshLease => ({
  id: uniqueToken(),
  tokenRev: 'rev-1',
  until: 5_000,
  held: true,
  rotates: true,
  uncertain: false,
  failures: 0,
  ...given,
});

const refreshed = (given: Partial<RefreshedSecret> = {}): RefreshedSecret => ({
  secretRev: uniqueToken(),
  tokenRev: null,
  accessRev: null,
  sealed: 'sealed-2',
  wrappedKey: new Uint8Array([9, 9]),
  scopes: ['a', 'b'],
  data: { instanceUrl: 'https://na1.example.com' },
  expiresAt: 9_000,
  refreshTokenExpiresAt: null,
  hasRefreshToken: true,
  secretStoredAt: 2_000,
  usedDay: 7,
  dueShard: SHARD,
  dueAt: 8_000,
  ...given,
});

describe.each(stores)('credential refresh store: %s', (_, { users, grants, erasures }) => {
  let userId: string;
  let key: { userId: string; credentialId: string };
  let stored: StoredCredential;
  const rowNow = async () => {
    const row = await users.readCredential(userId, 'c1');
    return row?.readable ? row.credential : null;
  };
  const put = (from: RefreshLease | null, to: RefreshLease) => grants.swapLease(key, { from, to, ttlSeconds: 99 });

  beforeEach(async () => {
    userId = `user#${uniqueToken()}`;
    key = { userId, credentialId: 'c1' };
    stored = storedCredential({
      userId,
      type: 'oauth2',
      scopes: ['a'],
      hasRefreshToken: true,
      expiresAt: 3_000,
      refreshTokenExpiresAt: 4_000,
    });
    await users.write(userId, userWrite([adding(stored)]));
  });

  describe('a lease', () => {
    it('is read as written, every field', async () => {
      expect(await grants.readLease(key)).toBeNull();
      const mine: Required<RefreshLease> = {
        ...lease({ failures: 3, uncertain: true }),
        nextRev: uniqueToken(),
        dispatched: true,
        refusal: { word: '400 invalid_request', count: 2, since: 1_000 },
      };
      expect(await put(null, mine)).toBe(true);
      expect(await grants.readLease(key)).toEqual(mine);
    });

    it('is taken by one of many concurrent callers', async () => {
      const taken = await Promise.all(Array.from({ length: 20 }, () => put(null, lease())));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('replaces only the lease that was seen', async () => {
      const [first, second, third] = [lease(), lease(), lease()];
      await put(null, first);
      expect(await put(null, second)).toBe(false);
      expect(await put(first, second)).toBe(true);
      expect(await put(first, third)).toBe(false);
      expect(await grants.readLease(key)).toEqual(second);
    });

    it('succeeds again when the same swap is repeated', async () => {
      const [first, second] = [lease(), lease()];
      expect([await put(null, first), await put(null, first)]).toEqual([true, true]);
      expect([await put(first, second), await put(first, second)]).toEqual([true, true]);
    });

    it('is refused after the credential is deleted, and so is its release', async () => {
      const mine = lease();
      await put(null, mine);
      const erasureId = uniqueToken();
      await erasures.beginErasure(userId, { id: erasureId, at: 5 });
      const keys = (await erasures.readErasable(userId)).map((row) => row.key);
      await erasures.removeRows(userId, erasureId, { token: uniqueToken(), keys });
      expect(await put(mine, lease())).toBe(false);
      expect(await put(null, lease())).toBe(false);
      expect(await erasures.readErasable(userId)).toEqual([]);
    });

    it('is not stored as the first one once the credential is gone', async () => {
      await users.write(userId, userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }]));
      expect(await put(null, lease())).toBe(false);
      expect(await grants.swapLease({ userId, credentialId: 'c2' }, { from: null, to: lease(), ttlSeconds: 99 })).toBe(
        false,
      );
    });

    it('is not a credential and does not change the version', async () => {
      await put(null, lease());
      expect(await users.readUser(userId)).toMatchObject({ userRecord: { version: 1, count: 1 }, rows: [{}] });
    });
  });

  describe('a look at the secretRev', () => {
    it('gives that of the row as it is now', async () => {
      expect(await grants.readSecretRev(key)).toBe(stored.secretRev);
      const result = refreshed();
      await grants.storeRefreshed(key, stored.secretRev, result);
      expect(await grants.readSecretRev(key)).toBe(result.secretRev);
    });

    it('gives null where there is nothing to refresh: the credential is marked, gone, or never was', async () => {
      await grants.markReconnectRequired(key, stored.secretRev, 'invalid_grant');
      expect(await grants.readSecretRev(key)).toBeNull();
      await users.write(userId, userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }]));
      expect(await grants.readSecretRev(key)).toBeNull();
      expect(await grants.readSecretRev({ userId, credentialId: 'c2' })).toBeNull();
    });
  });

  describe('a refresh’s result', () => {
    it('replaces the exchanged secret only', async () => {
      const result = refreshed();
      expect(await grants.storeRefreshed(key, stored.secretRev, result)).toMatchObject({ credential: result });
      expect(await rowNow()).toEqual({ ...stored, ...result, version: 2 });
      expect((await users.readUserRecord(userId))?.version).toBe(1);
    });

    it('is stored once when it is repeated', async () => {
      const result = refreshed();
      for (let tries = 0; tries < 3; tries++) {
        const row = await grants.storeRefreshed(key, stored.secretRev, result);
        expect(row).toMatchObject({ readable: true, credential: { ...result, version: 2 } });
      }
      expect((await rowNow())?.version).toBe(2);
    });

    it('is refused when the secret was replaced, deleted or created again', async () => {
      const late = refreshed();
      await grants.storeRefreshed(key, stored.secretRev, refreshed());
      expect(await grants.storeRefreshed(key, stored.secretRev, late)).toBeNull();
      await users.write(userId, userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }]));
      expect(await grants.storeRefreshed(key, stored.secretRev, late)).toBeNull();
      expect(await rowNow()).toBeNull();
      await users.write(userId, userWrite([adding(storedCredential({ userId }))]));
      expect(await grants.storeRefreshed(key, stored.secretRev, late)).toBeNull();
    });

    it('clears a brokenReason set by another caller on the same secret', async () => {
      await grants.markReconnectRequired(key, stored.secretRev, 'uncertain_refresh');
      expect(await grants.storeRefreshed(key, stored.secretRev, refreshed())).not.toBeNull();
      expect(await rowNow()).toMatchObject({ brokenReason: null, version: 3 });
    });

    it('keeps the name of an access token that came again, until another comes', async () => {
      const same = refreshed({ accessRev: stored.secretRev });
      expect(await grants.storeRefreshed(key, stored.secretRev, same)).toMatchObject({ credential: same });
      expect(await rowNow()).toMatchObject({ accessRev: stored.secretRev });
      await grants.storeRefreshed(key, same.secretRev, refreshed());
      expect(await rowNow()).toMatchObject({ accessRev: null });
    });

    it('removes attributes that the result does not have', async () => {
      const none = { expiresAt: null, usedDay: null, dueShard: null, dueAt: null };
      await grants.storeRefreshed(key, stored.secretRev, refreshed(none));
      expect(await rowNow()).toMatchObject(none);
    });

    it('keeps a title that was changed meanwhile', async () => {
      const rowVersion = { version: 1, secretRev: stored.secretRev };
      const renamed = { ...stored, title: 'new', version: 2 };
      await users.write(userId, userWrite([{ kind: 'put', credential: renamed, when: rowVersion }]));
      const row = await grants.storeRefreshed(key, stored.secretRev, refreshed());
      expect(row).toMatchObject({ credential: { title: 'new', version: 3 } });
      expect(await rowNow()).toMatchObject({ title: 'new', version: 3 });
    });
  });

  describe('markReconnectRequired', () => {
    it('stores the reason once and removes the credential from the index', async () => {
      await grants.noteUse(key, stored.secretRev, { usedDay: 1, due: { dueShard: SHARD, dueAt: 1 } });
      for (let tries = 0; tries < 2; tries++) {
        expect(await grants.markReconnectRequired(key, stored.secretRev, 'invalid_grant')).toBe('invalid_grant');
      }
      expect(await grants.markReconnectRequired(key, stored.secretRev, 'uncertain_refresh')).toBe('invalid_grant');
      const marked = { brokenReason: 'invalid_grant', version: 2, dueShard: null, dueAt: null };
      expect(await rowNow()).toEqual({ ...stored, ...marked, usedDay: 1 });
    });

    it('marks a key, which no sweep renews, as refused', async () => {
      const apiKey = storedCredential({ userId, id: 'c2' });
      await users.write(userId, userWrite([adding(apiKey)]));
      const refused = { userId, credentialId: 'c2' };
      expect(await grants.markReconnectRequired(refused, apiKey.secretRev, 'refused')).toBe('refused');
      const row = await users.readCredential(userId, 'c2');
      expect(row).toMatchObject({ credential: { ...apiKey, brokenReason: 'refused', version: 2 } });
    });

    it('is refused for another secret', async () => {
      expect(await grants.markReconnectRequired(key, 'another', 'invalid_grant')).toBeNull();
      expect(await rowNow()).toEqual(stored);
    });
  });

  describe('noteUse', () => {
    it('stores the day and the index position without changing the version', async () => {
      await grants.noteUse(key, stored.secretRev, { usedDay: 9, due: { dueShard: SHARD, dueAt: 7 } });
      expect(await rowNow()).toEqual({ ...stored, usedDay: 9, dueShard: SHARD, dueAt: 7 });
      await grants.noteUse(key, stored.secretRev, { usedDay: 10, due: null });
      expect(await rowNow()).toEqual({ ...stored, usedDay: 10 });
    });

    it('stores nothing for another secret, a broken one or a missing row', async () => {
      await grants.noteUse(key, 'another', { usedDay: 9, due: null });
      await grants.noteUse({ userId, credentialId: 'none' }, stored.secretRev, { usedDay: 9, due: null });
      expect(await rowNow()).toEqual(stored);
      expect(await users.readCredential(userId, 'none')).toBeNull();
      await grants.markReconnectRequired(key, stored.secretRev, 'invalid_grant');
      await grants.noteUse(key, stored.secretRev, { usedDay: 9, due: { dueShard: SHARD, dueAt: 7 } });
      expect(await rowNow()).toMatchObject({ usedDay: null, dueAt: null });
    });
  });

  describe('the index', () => {
    const allDue = async (shard: string, until: number) => {
      const found = [];
      let after: string | undefined;
      do {
        const page = await grants.findDue(shard, until, after);
        found.push(...page.credentials.filter((credential) => credential.userId === userId));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return found;
    };
    const place = (credentialId: string, dueAt: number, secretRev: string) =>
      grants.noteUse({ userId, credentialId }, secretRev, { usedDay: 1, due: { dueShard: SHARD, dueAt } });

    it('returns due credentials, longest due first, page by page', async () => {
      const more = Array.from({ length: 9 }, (_, index) => storedCredential({ userId, id: `m${index}` }));
      await users.write(userId, userWrite(more.map(adding)));
      for (const [index, { id, secretRev }] of more.entries()) await place(id, 100 - index, secretRev);
      const found = await allDue(SHARD, 99);
      expect(found.map(({ credentialId }) => credentialId)).toEqual(['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1']);
      expect(found[0]).toEqual({ userId, credentialId: 'm8', dueAt: 92 });
      expect(await allDue(OTHER, 99)).toEqual([]);
    });

    it('reschedules a credential only from the position that was seen', async () => {
      await place('c1', 50, stored.secretRev);
      await grants.rescheduleRenewal(key, 49, { dueShard: SHARD, dueAt: 1 });
      expect((await rowNow())?.dueAt).toBe(50);
      await grants.rescheduleRenewal(key, 50, { dueShard: SHARD, dueAt: 60 });
      expect(await allDue(SHARD, 59)).toEqual([]);
      expect(await allDue(SHARD, 60)).toHaveLength(1);
      await grants.rescheduleRenewal(key, 60, null);
      expect(await allDue(SHARD, 1_000)).toEqual([]);
      expect(await rowNow()).toMatchObject({ dueAt: null, dueShard: null, version: 1 });
    });

    it('loses a credential with its row', async () => {
      await place('c1', 50, stored.secretRev);
      await users.write(userId, userWrite([{ kind: 'remove', credentialId: 'c1', when: 'present' }]));
      expect(await allDue(SHARD, 1_000)).toEqual([]);
    });
  });
});
