// Which refusal a write gives when several fit: an erasure before anything, then the version the caller has seen, then
// the credential itself, then the limit.
import { describe, expect, it } from 'vitest';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { editCredentials } from '../../../../lib/operations/credential/edit-credentials.ts';
import { renameCredential } from '../../../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { deleteManagedCredential } from '../../../../lib/operations/user/delete-managed-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import { ALICE, headOf, markErasing, newApiKey, snapshot, stored, userWith } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const userId = ALICE;

type Write = (deps: MemoryDeps, expectedVersion: number) => Promise<unknown>;

/** Writes that would be in order but for the version, on a user who has the credential `a`. */
const writes: [string, Write][] = [
  ['add', (deps, expectedVersion) => addCredential(deps, { userId, credential: newApiKey(), expectedVersion })],
  [
    'replace',
    (deps, expectedVersion) => replaceCredential(deps, { userId, id: 'a', credential: newApiKey(), expectedVersion }),
  ],
  ['rename', (deps, expectedVersion) => renameCredential(deps, { userId, id: 'a', title: 'T', expectedVersion })],
  ['delete', (deps, expectedVersion) => deleteCredential(deps, { userId, id: 'a', expectedVersion })],
  [
    'edit',
    (deps, expectedVersion) => editCredentials(deps, { userId, put: [newApiKey()], remove: [], expectedVersion }),
  ],
  [
    'put managed',
    (deps, expectedVersion) => putManagedCredential(deps, { userId, provider: 'p', secret: 's', expectedVersion }),
  ],
];

/** Writes about a credential that is not there. */
const missing: [string, Write][] = [
  [
    'replace',
    (deps, expectedVersion) => replaceCredential(deps, { userId, id: 'x', credential: newApiKey(), expectedVersion }),
  ],
  ['rename', (deps, expectedVersion) => renameCredential(deps, { userId, id: 'x', title: 'T', expectedVersion })],
  ['delete', (deps, expectedVersion) => deleteCredential(deps, { userId, id: 'x', expectedVersion })],
  ['edit', (deps, expectedVersion) => editCredentials(deps, { userId, put: [], remove: ['x'], expectedVersion })],
  [
    'delete managed',
    (deps, expectedVersion) => deleteManagedCredential(deps, { userId, provider: 'x', expectedVersion }),
  ],
];

describe.each(writes)('%s with If-Match', (_, write) => {
  it('goes through on the version the user has, and moves it on by one', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await write(deps, 1);
    expect(headOf(deps)?.version).toBe(2);
  });

  it.each([0, 2, 7])(
    'refuses version %i of a user at version 1, names the current one and writes nothing',
    async (stale) => {
      const deps = await userWith([newApiKey({ id: 'a' })]);
      const before = snapshot(deps);
      await expect(write(deps, stale)).rejects.toMatchObject({
        code: 'version_conflict',
        members: { currentVersion: 1 },
      });
      expect(snapshot(deps)).toEqual(before);
    },
  );

  it('names version 0 of a user never written', async () => {
    await expect(write(memoryDeps(), 3)).rejects.toMatchObject({
      code: 'version_conflict',
      members: { currentVersion: 0 },
    });
  });

  it('says that the user is being erased before it says that the version is another', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, 1)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('refuses while the user is being erased though the version holds', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, headOf(deps)?.version ?? 0)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});

describe.each(missing)('%s of what is not there', (_, write) => {
  it('is not found when the version holds', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(write(deps, 1)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it('says that the version is another before it says that it is not there', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(write(deps, 0)).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('says that the user is being erased before it says that it is not there', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, headOf(deps)?.version ?? 0)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});

/** As deps, but after whatever is read first a rival deletes `a`. */
const overtaken = (deps: MemoryDeps): MemoryDeps => {
  let rival: Promise<unknown> | undefined;
  const thenRival = async <T>(read: Promise<T>): Promise<T> => {
    const answer = await read;
    rival ??= deleteCredential(deps, { userId, id: 'a' });
    await rival;
    return answer;
  };
  const { readUserRecord: readHead, readCredential } = deps.users;
  return {
    ...deps,
    users: {
      ...deps.users,
      readUserRecord: (...of) => thenRival(readHead(...of)),
      readCredential: (...of) => thenRival(readCredential(...of)),
    },
  };
};

describe.each(writes.filter(([name]) => /replace|rename|delete/.test(name)))(
  '%s of what goes meanwhile',
  (_, write) => {
    it('says that the version is another: at the one the caller has seen it was there', async () => {
      const deps = await userWith([newApiKey({ id: 'a' })]);
      await expect(write(overtaken(deps), 1)).rejects.toMatchObject({
        code: 'version_conflict',
        members: { currentVersion: 2 },
      });
    });
  },
);

describe('addCredential when full', () => {
  const full = async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
    return deps;
  };

  it('says that the credential exists before it says that there is no place', async () => {
    await expect(stored(await full(), newApiKey({ id: 'a' }))).rejects.toMatchObject({ code: 'credential_exists' });
  });

  it('says that the version is another before it says that the credential exists', async () => {
    const again = addCredential(await full(), { userId, credential: newApiKey({ id: 'a' }), expectedVersion: 0 });
    await expect(again).rejects.toMatchObject({ code: 'version_conflict' });
  });
});

describe('eraseUser with If-Match', () => {
  it('refuses another version and erases nothing', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const before = snapshot(deps);
    await expect(eraseUser(deps, { userId, expectedVersion: 0 })).rejects.toMatchObject({
      code: 'version_conflict',
      members: { currentVersion: 1 },
    });
    expect(snapshot(deps)).toEqual(before);
  });
});
