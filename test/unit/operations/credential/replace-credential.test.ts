// Replacing a credential: what is kept, what is sealed again, and the refusals.
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import {
  ALICE,
  BOB,
  MINUTE,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  START,
  snapshot,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const replace = (deps: MemoryDeps, credential: NewCredential, id = 'a'): Promise<StoredCredential> =>
  replaceCredential(deps, { userId: ALICE, id, credential });

const refuses = async (deps: MemoryDeps, credential: NewCredential, error: object, id = 'a') => {
  const before = snapshot(deps);
  await expect(replace(deps, credential, id)).rejects.toMatchObject(error);
  expect(snapshot(deps)).toEqual(before);
};

const readSecret = async (deps: MemoryDeps, id = 'a') =>
  (await getCredential(deps, { userId: ALICE, id })).credential.secret;

describe('replaceCredential', () => {
  it.each([
    [newApiKey(), newApiKey({ apiKey: 'new' }), { apiKey: 'new' }],
    [newUserPassword(), newUserPassword({ username: 'n', password: 'p' }), { username: 'n', password: 'p' }],
    [newHostScoped(), newHostScoped({ headers: { 'x-new': '2' } }), { headers: { 'x-new': '2' } }],
    [newOAuth2(), newOAuth2({ accessToken: 'new' }), { accessToken: 'new' }],
  ])('puts a new secret in place of that of $type, seen by the next read', async (was, next, secret) => {
    const deps = await userWith([{ ...was, id: 'a' }]);
    await replace(deps, next);
    expect(await readSecret(deps)).toEqual(secret);
  });

  it('keeps id, title and creation time, and changes version and update time', async () => {
    const deps = await userWith([newApiKey({ id: 'a', title: 'T' })]);
    deps.clock.set(START + MINUTE);
    expect(await replace(deps, newApiKey())).toMatchObject({
      id: 'a',
      title: 'T',
      createdAt: START,
      updatedAt: START + MINUTE,
      secretStoredAt: START + MINUTE,
      version: 2,
    });
  });

  it('stores a new title', async () => {
    const deps = await userWith([newApiKey({ id: 'a', title: 'T' })]);
    expect((await replace(deps, newApiKey({ title: 'New' }))).title).toBe('New');
  });

  it('clears the expiry of an API key when none is sent', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: START + 1 })]);
    expect((await replace(deps, newApiKey())).expiresAt).toBeNull();
  });

  it('stores another host', async () => {
    const deps = await userWith([newHostScoped({ id: 'a', host: 'old.example.com' })]);
    await replace(deps, newHostScoped({ host: 'new.example.com' }));
    const found = await getCredential(deps, { userId: ALICE, id: 'a' });
    expect(found.credential.host).toBe('new.example.com');
  });

  it('seals under a new secretRev', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const [before] = deps.table.users.get(ALICE)?.credentials.values() ?? [];
    expect((await replace(deps, newApiKey())).secretRev).not.toBe(before?.secretRev);
  });

  it("increments the user's version and leaves the count", async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' })]);
    await replace(deps, newApiKey());
    expect(userRecord(deps)).toMatchObject({ version: 3, count: 2 });
  });

  it('succeeds when the user is at the limit', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
    await expect(replace(deps, newApiKey())).resolves.toBeDefined();
  });

  it('leaves the other credentials unchanged', async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b', apiKey: 'other' })]);
    const other = structuredClone(deps.table.users.get(ALICE)?.credentials.get('b'));
    await replace(deps, newApiKey({ apiKey: 'new' }));
    expect(deps.table.users.get(ALICE)?.credentials.get('b')).toEqual(other);
  });

  it('accepts in the body only the id of the path', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await replace(deps, newApiKey({ id: 'a' }));
    await refuses(deps, newApiKey({ id: 'b' }), { code: 'invalid_request', errors: [{ pointer: '#/id' }] });
  });

  it('answers credential_not_found for an unknown id', async () => {
    await refuses(await userWith([newApiKey({ id: 'a' })]), newApiKey(), { code: 'credential_not_found' }, 'b');
  });

  it("answers credential_not_found for another user's credential", async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const foreign = replaceCredential(deps, { userId: BOB, id: 'a', credential: newApiKey() });
    await expect(foreign).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it.each([
    [newApiKey(), newUserPassword({ provider: 'github' })],
    [newOAuth2(), newApiKey()],
    [newApiKey(), newOAuth2()],
    [newHostScoped(), newApiKey({ provider: 'http' })],
  ])('refuses another type: $0.type by $1.type', async (was, next) => {
    await refuses(await userWith([{ ...was, id: 'a' }]), next, { code: 'type_mismatch' });
  });

  it('refuses another provider', async () => {
    const deps = await userWith([newApiKey({ id: 'a', provider: 'github' })]);
    await refuses(deps, newApiKey({ provider: 'gitlab' }), { code: 'provider_mismatch' });
  });

  it.each(systemCredentials.map(({ id }) => id))('refuses the system credential id %s', async (id) => {
    await refuses(memoryDeps(), newApiKey(), { code: 'system_credential' }, id);
  });
});
