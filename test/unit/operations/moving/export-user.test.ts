// Exports: everything of a user, secrets included, page by page; what cannot be read is told.
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { exportUser, type UserExport } from '../../../../lib/operations/moving/export-user.ts';
import { importUser } from '../../../../lib/operations/moving/import-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  newApiKey,
  newOAuth2,
  putRawItem,
  START,
  snapshot,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { findUser } from '../../../support/memory/memory-table.ts';

const allPages = async (deps: MemoryDeps): Promise<UserExport[]> => {
  const pages = [await exportUser(deps, { userId: ALICE })];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
    pages.push(await exportUser(deps, { userId: ALICE, after: next }));
  }
  return pages;
};

describe('an export', () => {
  it('has the refresh token, the metadata and the managed keys', async () => {
    const grant = newOAuth2({
      ...{ id: 'grant', refreshToken: 'refresh-1', metadata: { a: 1 }, accessTokenExpiresAt: START + 1_000 },
    });
    const deps = await userWith([grant]);
    await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 'profile-1' });
    expect(await exportUser(deps, { userId: ALICE })).toMatchObject({
      version: 2,
      credentials: [
        {
          ...{ id: 'grant', provider: 'github', type: 'oauth2', reason: null, scopes: ['repo'], ordinal: 0 },
          ...{ expiresAt: '2030-01-01T00:00:01.000Z', createdAt: '2030-01-01T00:00:00.000Z' },
          secret: { accessToken: 'access-1', refreshToken: 'refresh-1', metadata: { a: 1 } },
        },
      ],
      managed: [{ provider: 'ayrshare', secret: 'profile-1', reason: null }],
      next: null,
    });
  });

  it('of an unknown user is empty, and so is another user’s part', async () => {
    const deps = await userWith([newApiKey()]);
    expect(await exportUser(deps, { userId: BOB })).toEqual({ version: 0, credentials: [], managed: [], next: null });
  });

  it('changes nothing', async () => {
    const deps = await userWith([newApiKey()]);
    const before = snapshot(deps);
    await allPages(deps);
    expect(snapshot(deps)).toEqual(before);
  });

  it('has 100 entries a page, managed keys after the last credential', async () => {
    const deps = await userWith(Array.from({ length: 199 }, (_, index) => newApiKey({ id: `k${index}` })));
    for (const provider of ['b', 'a', 'c'])
      await putManagedCredential(deps, { userId: ALICE, provider, secret: provider });
    const pages = await allPages(deps);
    expect(pages.map(({ credentials, managed }) => [credentials.length, managed.length])).toEqual([
      [100, 0],
      [99, 1],
      [0, 2],
    ]);
    expect(pages.flatMap(({ credentials }) => credentials.map(({ id }) => id))).toEqual(
      Array.from({ length: 199 }, (_, index) => `k${index}`),
    );
    expect(pages.flatMap(({ managed }) => managed.map(({ provider }) => provider))).toEqual(['a', 'b', 'c']);
  });

  it('ends a page before the answer grows too large', async () => {
    const large = { x: '"'.repeat(1_900) };
    const grant = (index: number) => newOAuth2({ id: `k${index}`, accessToken: '"'.repeat(9_000), metadata: large });
    const deps = await userWith(Array.from({ length: 100 }, (_, index) => grant(index)));
    const pages = await allPages(deps);
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(JSON.stringify(JSON.stringify(page)).length).toBeLessThan(5_000_000);
    expect(pages.flatMap(({ credentials }) => credentials)).toHaveLength(100);
  });

  it('goes on behind a credential that was deleted meanwhile', async () => {
    const deps = await userWith(Array.from({ length: 150 }, (_, index) => newApiKey({ id: `k${index}` })));
    const { next } = await exportUser(deps, { userId: ALICE });
    findUser(deps.table, ALICE).credentials.delete('k99');
    const page = await exportUser(deps, { userId: ALICE, after: next ?? '' });
    expect(page.credentials.map(({ id }) => id).slice(0, 2)).toEqual(['k100', 'k101']);
  });

  it('refuses an `after` that no page contained', async () => {
    await expect(exportUser(memoryDeps(), { userId: ALICE, after: 'x' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('records how many entries it answered', async () => {
    const deps = await userWith([newApiKey(), newApiKey()]);
    await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 'p' });
    await exportUser(deps, { userId: ALICE });
    expect(deps.meter.records).toEqual([{ name: 'Exports', value: 3, words: {} }]);
  });
});

describe('what an export cannot read', () => {
  it('is told: a damaged row, a broken seal, a damaged managed key', async () => {
    const deps = await userWith([newApiKey({ id: 'good' }), newApiKey({ id: 'torn' })]);
    putRawItem(deps, 'broken', { ...BROKEN_ITEM, createdAt: START + 10 });
    const { credentials, managed } = findUser(deps.table, ALICE);
    const torn = credentials.get('torn');
    credentials.set('torn', { ...torn, sealed: 'torn' });
    await putManagedCredential(deps, { userId: ALICE, provider: 'a', secret: 'a' });
    await putManagedCredential(deps, { userId: ALICE, provider: 'b', secret: 'b' });
    managed.set('a', { schemaVersion: 1 });
    managed.set('b', { ...managed.get('b'), sealed: 'torn' });
    const page = await exportUser(deps, { userId: ALICE });
    expect(page.credentials).toMatchObject([
      { id: 'good', reason: null },
      { id: 'torn', reason: 'unreadable', secret: null, provider: 'github', createdAt: '2030-01-01T00:00:00.001Z' },
      { id: 'broken', reason: 'unreadable', secret: null, provider: 'github', type: 'api_key' },
    ]);
    expect(page.managed).toEqual(['a', 'b'].map((provider) => ({ provider, secret: null, reason: 'unreadable' })));
  });

  it('is skipped by an import, with the reason', async () => {
    const deps = await userWith([newApiKey({ id: 'good' })]);
    putRawItem(deps, 'broken', BROKEN_ITEM);
    const { version, ...document } = await exportUser(deps, { userId: ALICE });
    expect(version).toBe(2);
    expect(await importUser(deps, { userId: BOB, format: 'keyhold', document })).toMatchObject({
      imported: ['good'],
      skipped: [{ id: 'broken', reason: 'unreadable' }],
    });
  });

  it('is a fault of the whole export where the key service fails: nothing is left out for a while’s trouble', async () => {
    const deps = await userWith([newApiKey()]);
    deps.sealer.open = () => Promise.reject(new ServiceError('keys_unavailable'));
    await expect(exportUser(deps, { userId: ALICE })).rejects.toMatchObject({ code: 'keys_unavailable' });
  });
});

describe('a grant with everything that can be sealed', () => {
  it('comes back whole, with kept data', async () => {
    const deps = memoryDeps();
    await addCredential(deps, { userId: ALICE, credential: newOAuth2({ id: 'g', refreshToken: 'r' }) });
    const page = await exportUser(deps, { userId: ALICE });
    const [grant] = page.credentials;
    const secret = { accessToken: 'a', refreshToken: 'r', metadata: {}, data: { webhook: 'w' } };
    const document = { credentials: [{ ...grant, data: { team: 't' }, accountId: 'acc', secret }] };
    await importUser(deps, { userId: BOB, format: 'keyhold', document });
    const [moved] = (await exportUser(deps, { userId: BOB })).credentials;
    expect(moved).toEqual({ ...grant, data: { team: 't' }, accountId: 'acc', secret });
  });
});
