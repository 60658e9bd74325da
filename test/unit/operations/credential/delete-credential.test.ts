// Deleting a credential, readable or not, at an expected version or at any.
import { describe, expect, it, vi } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  newApiKey,
  putRawItem,
  snapshot,
  stored,
  storedItems,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const remove = (deps: MemoryDeps, id = 'a', userId = ALICE) => deleteCredential(deps, { userId, id });

describe('deleteCredential', () => {
  it('answers that the credential is deleted and nothing was to be revoked', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    expect(await remove(deps)).toEqual({ deleted: true, revoked: null, revokedTokens: [] });
  });

  it('deletes the credential and leaves the others', async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' })]);
    await remove(deps);
    const { credentials } = await listCredentials(deps, { userId: ALICE });
    expect(credentials.filter((view) => view.source === 'user').map((view) => view.id)).toEqual(['b']);
  });

  it('increments the version and decrements the count', async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' })]);
    await remove(deps);
    expect(userRecord(deps)).toMatchObject({ version: 3, count: 1 });
  });

  it('makes room under the limit for another credential', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
    await remove(deps);
    await expect(stored(deps, newApiKey())).resolves.toBeDefined();
  });

  it('answers credential_not_found the second time', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await remove(deps);
    await expect(remove(deps)).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 0 });
  });

  it("answers credential_not_found for another user's credential", async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(remove(deps, 'a', BOB)).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(storedItems(deps)).toHaveLength(1);
  });

  it.each(systemCredentials.map(({ id }) => id))('refuses the system credential id %s', async (id) => {
    const deps = memoryDeps();
    putRawItem(deps, id, BROKEN_ITEM);
    const before = snapshot(deps);
    await expect(remove(deps, id)).rejects.toMatchObject({ code: 'system_credential' });
    expect(snapshot(deps)).toEqual(before);
  });

  it.each([
    ['broken', BROKEN_ITEM],
    ['empty', {}],
    ['of a newer release', { ...BROKEN_ITEM, schemaVersion: 9 }],
  ])('deletes an unreadable row that is %s', async (_, item) => {
    const deps = memoryDeps();
    putRawItem(deps, 'a', item);
    await remove(deps);
    expect(storedItems(deps)).toEqual([]);
  });

  it('makes one read and one write', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const read = vi.spyOn(deps.users, 'readCredential');
    const write = vi.spyOn(deps.users, 'write');
    await remove(deps);
    expect([read.mock.calls.length, write.mock.calls.length]).toEqual([1, 1]);
  });

  it('deletes nothing stored later when a write reaches the table after a retry', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const { write } = deps.users;
    let arriveLate = async (): Promise<unknown> => undefined;
    const users: UserStore = {
      ...deps.users,
      write: async (...asked) => {
        // The first attempt is delayed; a competing write succeeds first, so the next attempt is refused.
        arriveLate = () => write(...asked);
        await remove(deps);
        return write(...asked);
      },
    };
    await expect(remove({ ...deps, users })).rejects.toMatchObject({ code: 'credential_not_found' });
    await stored(deps, newApiKey({ id: 'a' }));
    await arriveLate();
    expect(storedItems(deps)).toHaveLength(1);
  });
});
