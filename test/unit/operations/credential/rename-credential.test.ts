// Changing the title of a credential, and nothing else of it.
import { describe, expect, it, vi } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { renameCredential } from '../../../../lib/operations/credential/rename-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  MINUTE,
  newApiKey,
  newOAuth2,
  putRawItem,
  START,
  snapshot,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const rename = (deps: MemoryDeps, id = 'a', userId = ALICE) => renameCredential(deps, { userId, id, title: 'New' });

describe('renameCredential', () => {
  it('changes the title and nothing else', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', title: 'Old', refreshToken: 'r', accessTokenExpiresAt: START })]);
    const was = structuredClone(deps.table.users.get(ALICE)?.credentials.get('a'));
    deps.clock.set(START + MINUTE);
    await rename(deps);
    expect(deps.table.users.get(ALICE)?.credentials.get('a')).toEqual({
      ...was,
      title: 'New',
      version: 2,
      updatedAt: START + MINUTE,
    });
  });

  it('leaves the secret unchanged', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await rename(deps);
    const found = await getCredential(deps, { userId: ALICE, id: 'a' });
    expect(found.credential).toMatchObject({ title: 'New', secret: { apiKey: 'key-1' } });
  });

  it("increments the user's version and leaves the count", async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await rename(deps);
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 1 });
  });

  it.each([
    ['an unknown id', 'x', ALICE],
    ["another user's", 'a', BOB],
  ])('answers credential_not_found for %s', async (_, id, userId) => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(rename(deps, id, userId)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it.each(systemCredentials.map(({ id }) => id))('refuses the system credential id %s', async (id) => {
    await expect(rename(memoryDeps(), id)).rejects.toMatchObject({ code: 'system_credential' });
  });

  it.each([
    ['broken', BROKEN_ITEM],
    ['of a newer release', { ...BROKEN_ITEM, schemaVersion: 2 }],
  ])('leaves an unreadable row that is %s unchanged', async (_, item) => {
    const deps = memoryDeps();
    putRawItem(deps, 'a', item);
    const before = snapshot(deps);
    await expect(rename(deps)).rejects.toMatchObject({ code: 'credential_unreadable' });
    expect(snapshot(deps)).toEqual(before);
  });

  it('never overwrites a secret stored meanwhile with the older one', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const real = deps.users.write;
    const write = vi.fn<UserStore['write']>(real);
    write.mockImplementationOnce(async (userId, change) => {
      const item = deps.table.users.get(ALICE)?.credentials.get('a');
      deps.table.users.get(ALICE)?.credentials.set('a', { ...item, secretRev: 'newer', sealed: 'newer' });
      return real(userId, change);
    });
    deps.users.write = write;
    expect(await rename(deps)).toMatchObject({ secretRev: 'newer', sealed: 'newer', title: 'New' });
  });

  it('throws store_busy when another writer wins every attempt', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.users.write = vi
      .fn()
      .mockResolvedValue({ kind: 'refused', userRecord: null, userRecordRefused: false, refused: [0] });
    await expect(rename(deps)).rejects.toMatchObject({ code: 'store_busy' });
  });
});
