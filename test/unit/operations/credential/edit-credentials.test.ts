// Edits of several credentials: all changes or none, also with concurrent writers.
import { describe, expect, it } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { editCredentials, MAX_CHANGES } from '../../../../lib/operations/credential/edit-credentials.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import {
  ALICE,
  BROKEN_ITEM,
  MINUTE,
  newApiKey,
  newOAuth2,
  newUserPassword,
  putRawItem,
  START,
  snapshot,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

interface Edit {
  put?: NewCredential[];
  remove?: string[];
  version?: number;
}

/** An edit with the user's current version. */
const edit = (deps: MemoryDeps, { put = [], remove = [], version }: Edit) =>
  editCredentials(deps, { userId: ALICE, put, remove, expectedVersion: version ?? userRecord(deps)?.version ?? 0 });

const refuses = async (deps: MemoryDeps, change: Edit, error: object) => {
  const before = snapshot(deps);
  await expect(edit(deps, change)).rejects.toMatchObject(error);
  expect(snapshot(deps)).toEqual(before);
};

const ownIds = async (deps: MemoryDeps) =>
  (await listCredentials(deps, { userId: ALICE })).credentials.flatMap((view) =>
    view.source === 'user' ? [view.id] : [],
  );

const readSecret = async (deps: MemoryDeps, id: string) =>
  (await getCredential(deps, { userId: ALICE, id })).credential.secret;

describe('editCredentials', () => {
  it('adds, replaces and deletes under one new version', async () => {
    const deps = await userWith([newApiKey({ id: 'keep' }), newApiKey({ id: 'change' }), newApiKey({ id: 'drop' })]);
    deps.clock.set(START + MINUTE);
    const put = [newApiKey({ id: 'change', apiKey: 'conflict' }), newApiKey({ id: 'new' })];
    expect(await edit(deps, { put, remove: ['drop'] })).toEqual({ version: 4 });
    expect(userRecord(deps)).toMatchObject({ version: 4, count: 3 });
    expect(await ownIds(deps)).toEqual(['keep', 'change', 'new']);
    expect(await readSecret(deps, 'change')).toEqual({ apiKey: 'conflict' });
  });

  it('writes for a user without a record, at version 0', async () => {
    expect(await edit(memoryDeps(), { put: [newApiKey()] })).toEqual({ version: 1 });
  });

  it('lists new credentials in the order of the request', async () => {
    const deps = await userWith([newApiKey({ id: 'm' })]);
    deps.clock.set(START + MINUTE);
    await edit(deps, { put: ['z', 'y', 'a', 'x'].map((id) => newApiKey({ id })) });
    expect(await ownIds(deps)).toEqual(['m', 'z', 'y', 'a', 'x']);
  });

  it('creates an id for each new credential without one', async () => {
    const deps = memoryDeps();
    await edit(deps, { put: [newApiKey(), newApiKey()] });
    expect(new Set(await ownIds(deps)).size).toBe(2);
  });

  it('keeps the fields that a single replacement keeps', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', title: 'T', username: 'octo', refreshToken: 'r' })]);
    await edit(deps, { put: [newOAuth2({ id: 'a', scopes: ['repo', 'user'] })] });
    const item = deps.table.users.get(ALICE)?.credentials.get('a');
    expect(item).toMatchObject({ title: 'T', username: 'octo', hasRefreshToken: true, version: 2, createdAt: START });
  });

  it('replaces and deletes unreadable rows', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'a', BROKEN_ITEM);
    putRawItem(deps, 'b', { ...BROKEN_ITEM, schemaVersion: 2 });
    await edit(deps, { put: [newApiKey({ id: 'a' })], remove: ['b'] });
    expect(await ownIds(deps)).toEqual(['a']);
  });

  it.each<[string, Edit, object]>([
    ['an unknown id to delete', { remove: ['x'] }, { code: 'credential_not_found', members: { credentialId: 'x' } }],
    ['another type', { put: [newUserPassword({ id: 'a' })] }, { code: 'type_mismatch' }],
    ['another provider', { put: [newApiKey({ id: 'a', provider: 'gitlab' })] }, { code: 'provider_mismatch' }],
    ['narrower scopes', { put: [newOAuth2({ id: 'g', scopes: [] })] }, { code: 'scopes_narrowed' }],
    ['a replacement of a row of a newer schema', { put: [newApiKey({ id: 'n' })] }, { code: 'credential_unreadable' }],
    ['an id put twice', { put: [newApiKey({ id: 'q' }), newApiKey({ id: 'q' })] }, { code: 'invalid_request' }],
    ['an id deleted twice', { remove: ['a', 'a'] }, { code: 'invalid_request' }],
    ['an id put and deleted', { put: [newApiKey({ id: 'a' })], remove: ['a'] }, { code: 'invalid_request' }],
    ['a stale version', { put: [newApiKey()], version: 1 }, { code: 'version_conflict' }],
  ])('refuses the whole edit for %s, and writes nothing', async (_, change, error) => {
    const deps = await userWith([newApiKey({ id: 'a' }), newOAuth2({ id: 'g' }), newApiKey({ id: 'b' })]);
    putRawItem(deps, 'n', { ...BROKEN_ITEM, schemaVersion: 2 });
    const put = [newApiKey({ id: 'fine' }), ...(change.put ?? [])];
    await refuses(deps, { ...change, put, remove: ['b', ...(change.remove ?? [])] }, error);
  });

  it.each(systemCredentials.map(({ id }) => id))('refuses the system credential id %s, put or deleted', async (id) => {
    await refuses(memoryDeps(), { put: [newApiKey({ id })] }, { code: 'system_credential' });
    await refuses(memoryDeps(), { remove: [id] }, { code: 'system_credential' });
  });

  it('accepts 99 changes', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const put = Array.from({ length: MAX_CHANGES - 1 }, (_, n) => newApiKey({ id: `n${n}` }));
    await edit(deps, { put, remove: ['a'] });
    expect(userRecord(deps)).toMatchObject({ count: 98, version: 2 });
  });

  it('refuses 100 changes', async () => {
    const put = Array.from({ length: 60 }, (_, n) => newApiKey({ id: `n${n}` }));
    const remove = Array.from({ length: 40 }, (_, n) => `d${n}`);
    await refuses(memoryDeps(), { put, remove }, { code: 'too_many_changes' });
  });

  it.each([
    [2, ['a'], true],
    [2, [], false],
    [1, ['a', 'b'], true],
  ])('checks the count after the edit against a limit of %i', async (limit, remove, fits) => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' })]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: limit };
    const done = edit(deps, { put: [newApiKey({ id: 'c' })], remove });
    await (fits
      ? expect(done).resolves.toBeDefined()
      : expect(done).rejects.toMatchObject({ code: 'credential_limit' }));
  });
});

describe('editCredentials with concurrent writers', () => {
  /** Runs something between the read and the first write. */
  const meanwhile = (deps: MemoryDeps, happen: () => void) => {
    const real = deps.users.write;
    let happened = false;
    deps.sleep = async (milliseconds) => deps.clock.advance(Math.ceil(milliseconds));
    deps.users.write = async (userId, write) => {
      if (!happened) happen();
      happened = true;
      return real(userId, write);
    };
  };

  const refreshed = (deps: MemoryDeps, id: string) => {
    const item = deps.table.users.get(ALICE)?.credentials.get(id);
    deps.table.users.get(ALICE)?.credentials.set(id, { ...item, secretRev: 'refreshed' });
  };

  it('repeats the edit after losing to a refresh', async () => {
    const deps = await userWith([newOAuth2({ id: 'a' })]);
    meanwhile(deps, () => refreshed(deps, 'a'));
    expect(await edit(deps, { put: [newOAuth2({ id: 'a', title: 'T' })] })).toEqual({ version: 2 });
  });

  it('deletes a credential that was refreshed meanwhile', async () => {
    const deps = await userWith([newOAuth2({ id: 'a' })]);
    meanwhile(deps, () => refreshed(deps, 'a'));
    await edit(deps, { remove: ['a'] });
    expect(await ownIds(deps)).toEqual([]);
  });

  it('never overwrites a change the caller has not seen', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    meanwhile(deps, () => putRawItem(deps, 'rival', BROKEN_ITEM));
    const lost = edit(deps, { put: [newApiKey({ id: 'a', apiKey: 'mine' })] });
    await expect(lost).rejects.toMatchObject({ code: 'version_conflict', members: { currentVersion: 2 } });
    expect(await readSecret(deps, 'a')).toEqual({ apiKey: 'key-1' });
  });

  it('throws store_busy when a refresh wins every attempt', async () => {
    const deps = await userWith([newOAuth2({ id: 'a' })]);
    deps.users.write = async () => ({ kind: 'refused', userRecord: null, userRecordRefused: false, refused: [0] });
    await expect(edit(deps, { remove: ['a'] })).rejects.toMatchObject({ code: 'store_busy' });
  });

  it('accepts one of two concurrent edits of the same version', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const both = [1, 2].map((n) => edit(deps, { put: [newApiKey({ id: `n${n}` })], version: 1 }));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 2 });
  });
});
