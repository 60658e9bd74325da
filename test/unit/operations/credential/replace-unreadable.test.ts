// An unreadable row can be replaced, unless a newer release wrote it; and a replacement that always loses gives up.
import { describe, expect, it, vi } from 'vitest';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import {
  ALICE,
  BROKEN_ITEM,
  newApiKey,
  newOAuth2,
  putRawItem,
  START,
  snapshot,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const replace = (deps: MemoryDeps, credential = newApiKey()) =>
  replaceCredential(deps, { userId: ALICE, id: 'a', credential });

const withUnreadable = (item: Record<string, unknown>) => {
  const deps = memoryDeps();
  putRawItem(deps, 'a', item);
  return deps;
};

describe('replaceCredential of an unreadable row', () => {
  it.each([
    ['with type and provider', BROKEN_ITEM],
    ['without attributes', {}],
    ['of an unknown schema', { ...BROKEN_ITEM, schemaVersion: 0 }],
    ['with provider and type that are not strings', { provider: 5, type: [], version: 'x', secretRev: 8 }],
  ])('stores a readable row in place of a row %s', async (_, item) => {
    const deps = withUnreadable(item);
    await replace(deps, newApiKey({ apiKey: 'new' }));
    const found = await getCredential(deps, { userId: ALICE, id: 'a' });
    expect(found.credential).toMatchObject({ status: 'active', secret: { apiKey: 'new' } });
  });

  it.each([
    [4, 5],
    [1.5, 1],
    [-3, 1],
    ['7', 1],
    [undefined, 1],
    [Number.MAX_SAFE_INTEGER, 1],
  ])('goes on from its version %j with %i', async (version, next) => {
    expect(await replace(withUnreadable({ ...BROKEN_ITEM, version }))).toMatchObject({
      version: next,
      createdAt: START,
    });
  });

  it('keeps createdAt and the place in the list where they can be read', async () => {
    const deps = await userWith([newApiKey({ id: 'first' })]);
    putRawItem(deps, 'a', { ...BROKEN_ITEM, createdAt: START - 1, ordinal: 2 });
    deps.clock.advance(5);
    expect(await replace(deps)).toMatchObject({ createdAt: START - 1, ordinal: 2, updatedAt: START + 5 });
    const { credentials } = await listCredentials(deps, { userId: ALICE });
    expect(credentials.slice(0, 2).map(({ id }) => id)).toEqual(['a', 'first']);
  });

  it('is created now where createdAt cannot be read', async () => {
    const deps = withUnreadable({ ...BROKEN_ITEM, createdAt: 'long ago', ordinal: 2 });
    deps.clock.advance(5);
    expect(await replace(deps)).toMatchObject({ createdAt: START + 5, ordinal: 0 });
  });

  it('leaves the count unchanged', async () => {
    const deps = withUnreadable(BROKEN_ITEM);
    await replace(deps);
    expect(userRecord(deps)).toMatchObject({ count: 1, version: 2 });
  });

  it.each([
    ['type_mismatch', { ...BROKEN_ITEM, type: 'oauth2' }],
    ['provider_mismatch', { ...BROKEN_ITEM, provider: 'gitlab' }],
    ['credential_unreadable', { ...BROKEN_ITEM, schemaVersion: 2 }],
  ])('throws %s and writes nothing', async (code, item) => {
    const deps = withUnreadable(item);
    const before = snapshot(deps);
    await expect(replace(deps)).rejects.toMatchObject({ code });
    expect(snapshot(deps)).toEqual(before);
  });

  it('replaces an OAuth credential with a broken seal, keeping nothing of its secret', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'r', refreshTokenExpiresAt: START + 1 })]);
    const item = deps.table.users.get(ALICE)?.credentials.get('a');
    deps.table.users.get(ALICE)?.credentials.set('a', { ...item, sealed: 'broken' });
    const next = await replaceCredential(deps, { userId: ALICE, id: 'a', credential: newOAuth2() });
    expect(next).toMatchObject({ hasRefreshToken: false, refreshTokenExpiresAt: null });
  });

  it('writes nothing when the stored secret cannot be opened now', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'r' })]);
    const before = snapshot(deps);
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    const next = replaceCredential(deps, { userId: ALICE, id: 'a', credential: newOAuth2() });
    await expect(next).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(snapshot(deps)).toEqual(before);
  });
});

/** Before each write another writer replaces the row, `rivals` times. */
const overtaken = (deps: MemoryDeps, rivals: number): ReturnType<typeof vi.fn<UserStore['write']>> => {
  const real = deps.users.write;
  let overtakes = 0;
  deps.sleep = async (milliseconds) => deps.clock.advance(Math.ceil(milliseconds));
  const write = vi.fn<UserStore['write']>(async (userId, change) => {
    if (overtakes < rivals) {
      const item = deps.table.users.get(ALICE)?.credentials.get('a');
      deps.table.users.get(ALICE)?.credentials.set('a', { ...item, secretRev: `rival-${overtakes++}` });
    }
    return real(userId, change);
  });
  deps.users.write = write;
  return write;
};

describe('replaceCredential of a row that changes meanwhile', () => {
  it('repeats the replacement from a new read', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const write = overtaken(deps, 2);
    await replace(deps, newApiKey({ apiKey: 'mine' }));
    expect(write).toHaveBeenCalledTimes(3);
    const found = await getCredential(deps, { userId: ALICE, id: 'a' });
    expect(found.credential.secret).toEqual({ apiKey: 'mine' });
  });

  it('draws a new token for each attempt, since each is another write', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const write = overtaken(deps, 2);
    await replace(deps);
    expect(new Set(write.mock.calls.map(([, { token }]) => token)).size).toBe(3);
  });

  it('throws store_busy when another writer wins every attempt', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const write = overtaken(deps, Number.POSITIVE_INFINITY);
    deps.sleep = async () => {};
    await expect(replace(deps)).rejects.toMatchObject({ code: 'store_busy' });
    expect(write.mock.calls.length).toBeGreaterThan(2);
    expect(write.mock.calls.length).toBeLessThan(100);
  });

  it('throws store_busy when the time runs out first', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const write = overtaken(deps, Number.POSITIVE_INFINITY);
    deps.sleep = async () => deps.clock.advance(2_000);
    await expect(replace(deps)).rejects.toMatchObject({ code: 'store_busy' });
    expect(write.mock.calls.length).toBeLessThan(5);
  });

  it('answers credential_not_found when the row is deleted meanwhile', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const real = deps.users.write;
    deps.users.write = async (userId, change) => {
      deps.table.users.get(ALICE)?.credentials.delete('a');
      return real(userId, change);
    };
    await expect(replace(deps)).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(deps.table.users.get(ALICE)?.credentials.size).toBe(0);
  });
});
