// Which refusal a write answers when several apply: the erasure first, then the caller's version, then the credential's own
// condition, then the limit.
import { describe, expect, it } from 'vitest';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { editCredentials } from '../../../../lib/operations/credential/edit-credentials.ts';
import { renameCredential } from '../../../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { deleteManagedCredential } from '../../../../lib/operations/user/delete-managed-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import { ALICE, markErasing, newApiKey, snapshot, stored, userRecord, userWith } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const userId = ALICE;

type Write = (deps: MemoryDeps, expectedVersion: number) => Promise<unknown>;

/** Writes that only a wrong version refuses, on a user with the credential `a`. */
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

/** Writes to a credential that does not exist. */
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
  it('succeeds at the current version and increments it', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await write(deps, 1);
    expect(userRecord(deps)?.version).toBe(2);
  });

  it.each([0, 2, 7])(
    'refuses version %i of a user at version 1, answers the current one and writes nothing',
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

  it('answers version 0 for a user without a record', async () => {
    await expect(write(memoryDeps(), 3)).rejects.toMatchObject({
      code: 'version_conflict',
      members: { currentVersion: 0 },
    });
  });

  it('answers user_erasing before version_conflict', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, 1)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('refuses during an erasure even at the current version', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, userRecord(deps)?.version ?? 0)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});

describe.each(missing)('%s of a missing credential', (_, write) => {
  it('answers credential_not_found at the current version', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(write(deps, 1)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it('answers version_conflict before credential_not_found', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(write(deps, 0)).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('answers user_erasing before credential_not_found', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await markErasing(deps);
    await expect(write(deps, userRecord(deps)?.version ?? 0)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});

/** As deps, but after the first read another writer deletes `a`. */
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
  '%s of a credential deleted meanwhile',
  (_, write) => {
    it("answers version_conflict, since the credential existed at the caller's version", async () => {
      const deps = await userWith([newApiKey({ id: 'a' })]);
      await expect(write(overtaken(deps), 1)).rejects.toMatchObject({
        code: 'version_conflict',
        members: { currentVersion: 2 },
      });
    });
  },
);

describe('addCredential at the limit', () => {
  const full = async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
    return deps;
  };

  it('answers credential_exists before credential_limit', async () => {
    await expect(stored(await full(), newApiKey({ id: 'a' }))).rejects.toMatchObject({ code: 'credential_exists' });
  });

  it('answers version_conflict before credential_exists', async () => {
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
