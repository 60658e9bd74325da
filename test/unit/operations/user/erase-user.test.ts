// Erasing a user: all of their rows go, other writes are refused meanwhile, and a repeat continues.
import { describe, expect, it, vi } from 'vitest';
import type { ErasureStore } from '../../../../lib/domain/ports/erasure-store.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  markErasing,
  newApiKey,
  putRawItem,
  START,
  stored,
  storedItems,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const erase = (deps: MemoryDeps, expectedVersion?: number) => eraseUser(deps, { userId: ALICE, expectedVersion });

describe('eraseUser', () => {
  it('deletes credentials, managed keys and counters of open states, and answers how many', async () => {
    const deps = await userWith([newApiKey(), newApiKey()]);
    await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 's' });
    await createOAuthState(deps, { userId: ALICE, provider: 'github', scopes: [] });
    expect(await erase(deps)).toEqual({ credentials: 2, managed: 1, revoked: 0 });
    expect(deps.table.users.get(ALICE)).toMatchObject({
      credentials: new Map(),
      managed: new Map(),
      openStates: new Map(),
    });
  });

  it('deletes the states of open flows, and no state of another user', async () => {
    const deps = memoryDeps();
    await createOAuthState(deps, { userId: ALICE, provider: 'github', scopes: [] });
    await createOAuthState(deps, { userId: BOB, provider: 'github', scopes: [] });
    await erase(deps);
    expect([...deps.table.states.values()].map(({ userId }) => userId)).toEqual([BOB]);
  });

  it('leaves no place for a lease: a refresh under way cannot write one afterwards', async () => {
    const deps = await userWith([newApiKey({ id: 'c1' })]);
    await erase(deps);
    const key = { userId: ALICE, credentialId: 'c1' };
    const to = { id: 'l', tokenRev: 'r', until: 1, held: true, rotates: true, uncertain: false, failures: 0 };
    expect(await deps.refreshes.swapLease(key, { from: null, to, ttlSeconds: 9 })).toBe(false);
    expect(deps.table.users.get(ALICE)?.leases.size).toBe(0);
  });

  it('deletes unreadable rows', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'x', { ...BROKEN_ITEM, schemaVersion: 9 });
    expect((await erase(deps)).credentials).toBe(1);
  });

  it('deletes more rows than one transaction holds', async () => {
    const deps = memoryDeps();
    for (let n = 0; n < 250; n++) putRawItem(deps, `id-${n}`, BROKEN_ITEM);
    expect((await erase(deps)).credentials).toBe(250);
    expect(storedItems(deps)).toEqual([]);
  });

  it('deletes no row of another user', async () => {
    const deps = await userWith([newApiKey()]);
    await stored(deps, newApiKey(), BOB);
    await erase(deps);
    expect(storedItems(deps, BOB)).toHaveLength(1);
  });

  it('leaves the user record and its version, for thirty days', async () => {
    const deps = await userWith([newApiKey()]);
    await erase(deps);
    expect(userRecord(deps)).toMatchObject({ count: 0, erasing: null, erasures: 1 });
    expect(userRecord(deps)?.version).toBeGreaterThan(1);
    expect(deps.table.users.get(ALICE)?.forgetAtSeconds).toBe(START / 1000 + 30 * 24 * 3600);
  });

  it('never makes an earlier version valid again', async () => {
    const deps = await userWith([newApiKey()]);
    await erase(deps);
    await expect(erase(deps, 1)).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('succeeds at the current version', async () => {
    const deps = await userWith([newApiKey()]);
    expect(await erase(deps, 1)).toMatchObject({ credentials: 1 });
  });

  it('can be repeated', async () => {
    const deps = await userWith([newApiKey()]);
    await erase(deps);
    expect(await erase(deps)).toEqual({ credentials: 0, managed: 0, revoked: 0 });
  });

  it('erases a user without a record', async () => {
    expect(await erase(memoryDeps())).toEqual({ credentials: 0, managed: 0, revoked: 0 });
  });

  it('lets the user store credentials again', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await erase(deps);
    await stored(deps, newApiKey({ id: 'a' }));
    const { credentials } = await listCredentials(deps, { userId: ALICE });
    expect(credentials[0]).toMatchObject({ id: 'a', version: 1 });
    expect(userRecord(deps)?.count).toBe(1);
  });

  it('joins an erasure that is under way and finishes it', async () => {
    const deps = await userWith([newApiKey()]);
    await markErasing(deps);
    expect(await erase(deps)).toMatchObject({ credentials: 1 });
    expect(userRecord(deps)?.erasing).toBeNull();
  });

  it('deletes nothing stored after another caller finished the erasure', async () => {
    const deps = await userWith([newApiKey({ id: 'old' })]);
    const read = deps.erasures.readErasable;
    deps.erasures.readErasable = vi.fn<ErasureStore['readErasable']>().mockImplementationOnce(async (userId) => {
      const erasing = userRecord(deps)?.erasing ?? '';
      const rows = await read(userId);
      await deps.erasures.finishErasure(userId, erasing, 0);
      await stored(deps, newApiKey({ id: 'new' }));
      return [...rows, { kind: 'credential', key: 'CRED#new', credentialId: 'new' }];
    });
    await erase(deps);
    expect(deps.table.users.get(ALICE)?.credentials.has('new')).toBe(true);
    expect(userRecord(deps)?.count).toBeGreaterThan(0);
  });

  it('throws store_busy when time runs out, leaves the user marked, and continues when called again', async () => {
    const deps = memoryDeps();
    for (let n = 0; n < 150; n++) putRawItem(deps, `id-${n}`, BROKEN_ITEM);
    const remove = deps.erasures.removeRows;
    deps.erasures.removeRows = vi.fn<ErasureStore['removeRows']>(async (...parameters) => {
      deps.clock.advance(15_000);
      return remove(...parameters);
    });
    await expect(erase(deps)).rejects.toMatchObject({ code: 'store_busy' });
    expect(userRecord(deps)?.erasing).not.toBeNull();
    expect(storedItems(deps)).toHaveLength(140);
    deps.erasures.removeRows = remove;
    expect(await erase(deps)).toMatchObject({ credentials: 140 });
  });

  it('gives each batch an idempotency token, so that it can be repeated after a lost response', async () => {
    const deps = memoryDeps();
    for (let n = 0; n < 150; n++) putRawItem(deps, `id-${n}`, BROKEN_ITEM);
    const remove = vi.spyOn(deps.erasures, 'removeRows');
    await erase(deps);
    expect(new Set(remove.mock.calls.map(([, , { token }]) => token)).size).toBe(15);
  });
});
