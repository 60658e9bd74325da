// Managed keys, which the operator holds for one user at a provider: put, get and delete.
import { describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { deleteManagedCredential } from '../../../../lib/operations/user/delete-managed-credential.ts';
import { getManagedCredential } from '../../../../lib/operations/user/get-managed-credential.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import { ALICE, BOB, markErasing, snapshot, userRecord } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { findUser } from '../../../support/memory/memory-table.ts';

const provider = 'ayrshare';

const put = (deps: MemoryDeps, secret = 'profile-key', userId = ALICE) =>
  putManagedCredential(deps, { userId, provider, secret });
const get = (deps: MemoryDeps, userId = ALICE) => getManagedCredential(deps, { userId, provider });
const remove = (deps: MemoryDeps) => deleteManagedCredential(deps, { userId: ALICE, provider });

describe('putManagedCredential', () => {
  it('stores a key that can be read again', async () => {
    const deps = memoryDeps();
    await put(deps);
    expect(await get(deps)).toEqual({ version: 1, secret: 'profile-key' });
  });

  it('replaces an earlier key', async () => {
    const deps = memoryDeps();
    await put(deps, 'first');
    await put(deps, 'second');
    expect(await get(deps)).toEqual({ version: 2, secret: 'second' });
  });

  it('increments the version and leaves the count', async () => {
    const deps = memoryDeps();
    await put(deps);
    expect(userRecord(deps)).toMatchObject({ version: 1, count: 0 });
  });

  it('is not subject to the limit of credentials', async () => {
    const deps = memoryDeps();
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 0 };
    await expect(put(deps)).resolves.toBeUndefined();
  });

  it('writes the key only inside the seal', async () => {
    const deps = memoryDeps();
    await put(deps, 'canary');
    expect(JSON.stringify([...findUser(deps.table, ALICE).managed.values()])).not.toContain('canary');
  });

  it('does not appear in the list of credentials', async () => {
    const deps = memoryDeps();
    await put(deps);
    expect((await listCredentials(deps, { userId: ALICE })).providers).toEqual(['ollama']);
  });

  it('replaces a broken row by a readable one', async () => {
    const deps = memoryDeps();
    findUser(deps.table, ALICE).managed.set(provider, { schemaVersion: 1, sealed: 5 });
    await put(deps);
    expect((await get(deps)).secret).toBe('profile-key');
  });

  it('never overwrites a row of a newer release', async () => {
    const deps = memoryDeps();
    findUser(deps.table, ALICE).managed.set(provider, { schemaVersion: 2 });
    const before = snapshot(deps);
    await expect(put(deps)).rejects.toMatchObject({ code: 'credential_unreadable' });
    expect(snapshot(deps)).toEqual(before);
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = memoryDeps();
    await markErasing(deps);
    await expect(put(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('writes nothing when the keys are unavailable', async () => {
    const deps = memoryDeps();
    deps.sealer.seal = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(put(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(userRecord(deps)).toBeNull();
  });
});

describe('getManagedCredential', () => {
  it("answers credential_not_found for another user's key", async () => {
    const deps = memoryDeps();
    await put(deps);
    await expect(get(deps, BOB)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it.each([
    ['a broken row', { schemaVersion: 1, sealed: 5 }],
    ['a row of a newer release', { schemaVersion: 2 }],
    ['an empty row', {}],
  ])('answers credential_unreadable for %s', async (_, item) => {
    const deps = memoryDeps();
    findUser(deps.table, ALICE).managed.set(provider, item);
    await expect(get(deps)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it('does not open a row moved from another user', async () => {
    const deps = memoryDeps();
    await put(deps);
    findUser(deps.table, BOB).managed.set(provider, findUser(deps.table, ALICE).managed.get(provider) ?? {});
    await expect(get(deps, BOB)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it('answers credential_unreadable for a document without a key', async () => {
    const deps = memoryDeps();
    await put(deps);
    deps.sealer.open = vi.fn().mockResolvedValue({ other: 1 });
    await expect(get(deps)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});

describe('deleteManagedCredential', () => {
  it('deletes the key and increments the version', async () => {
    const deps = memoryDeps();
    await put(deps);
    await remove(deps);
    await expect(get(deps)).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 0 });
  });

  it('answers credential_not_found the second time', async () => {
    const deps = memoryDeps();
    await put(deps);
    await remove(deps);
    await expect(remove(deps)).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(userRecord(deps)?.version).toBe(2);
  });

  it.each([{ schemaVersion: 1 }, { schemaVersion: 2 }])('deletes an unreadable row: %j', async (item) => {
    const deps = memoryDeps();
    findUser(deps.table, ALICE).managed.set(provider, item);
    await remove(deps);
    expect(findUser(deps.table, ALICE).managed.size).toBe(0);
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = memoryDeps();
    await put(deps);
    await markErasing(deps);
    await expect(remove(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});
