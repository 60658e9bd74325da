// Adding a credential: what is stored, repeated requests, and the refusals.
import { describe, expect, it, vi } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import {
  ALICE,
  BOB,
  markErasing,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  START,
  snapshot,
  stored,
  storedItems,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

describe('addCredential', () => {
  it.each([
    [newApiKey({ apiKey: 'k' }), { apiKey: 'k' }],
    [newUserPassword({ username: 'u', password: '' }), { username: 'u', password: '' }],
    [newHostScoped({ headers: { 'x-a': '1' } }), { headers: { 'x-a': '1' } }],
    [newOAuth2({ accessToken: 'a', refreshToken: 'r', metadata: { m: 1 } }), { accessToken: 'a' }],
  ])('stores $type, whose secret can be read again', async (credential, secret) => {
    const deps = memoryDeps();
    const { id } = await addCredential(deps, { userId: ALICE, credential });
    const found = await getCredential(deps, { userId: ALICE, id });
    expect(found.credential.secret).toEqual(secret);
  });

  it('creates version 1, active, with the current time', async () => {
    const added = await stored(memoryDeps(), newApiKey({ title: 'T' }));
    expect(added).toMatchObject({
      version: 1,
      title: 'T',
      provider: 'github',
      type: 'api_key',
      brokenReason: null,
      createdAt: START,
      updatedAt: START,
      secretStoredAt: START,
    });
  });

  it('stores scopes, expiries and user name of an OAuth credential', async () => {
    const grant = newOAuth2({
      refreshToken: 'r',
      accessTokenExpiresAt: START + 1,
      refreshTokenExpiresAt: START + 2,
      scopes: ['b', 'a', 'b'],
      username: 'octo',
    });
    expect(await stored(memoryDeps(), grant)).toMatchObject({
      expiresAt: START + 1,
      refreshTokenExpiresAt: START + 2,
      hasRefreshToken: true,
      scopes: ['b', 'a'],
      username: 'octo',
    });
  });

  it('stores the user name of a user_password only in the seal, since it is a secret', async () => {
    const added = await stored(memoryDeps(), newUserPassword());
    expect(added.username).toBeNull();
  });

  it("uses the caller's id", async () => {
    expect((await stored(memoryDeps(), newApiKey({ id: 'own:id.1_' }))).id).toBe('own:id.1_');
  });

  it('creates an id when the caller gives none', async () => {
    expect((await stored(memoryDeps(), newApiKey())).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('creates a different id for each credential without one', async () => {
    const deps = memoryDeps();
    await stored(deps, newApiKey());
    await stored(deps, newApiKey());
    expect(storedItems(deps)).toHaveLength(2);
  });

  it('increments the version and the count by one', async () => {
    const deps = await userWith([newApiKey()]);
    await stored(deps, newApiKey());
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 2 });
  });

  it('writes the secret only inside the seal', async () => {
    const deps = memoryDeps();
    await stored(deps, newUserPassword({ username: 'canary-user', password: 'canary-pass' }));
    expect(JSON.stringify(storedItems(deps))).not.toContain('canary');
  });

  it('refuses an id the user already has, and leaves the stored credential unchanged', async () => {
    const deps = await userWith([newApiKey({ id: 'a', apiKey: 'first' })]);
    const before = snapshot(deps);
    await expect(stored(deps, newApiKey({ id: 'a', apiKey: 'second' }))).rejects.toMatchObject({
      code: 'credential_exists',
    });
    expect(snapshot(deps)).toEqual(before);
  });

  it('accepts the same id for two users', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await stored(deps, newApiKey({ id: 'a' }), BOB);
    expect(userRecord(deps, BOB)).toMatchObject({ count: 1 });
  });

  it('stores one of two concurrent adds of the same id and refuses the other', async () => {
    const deps = memoryDeps();
    const outcomes = await Promise.allSettled([1, 2].map((n) => stored(deps, newApiKey({ id: 'a', apiKey: `${n}` }))));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(userRecord(deps)).toMatchObject({ version: 1, count: 1 });
  });

  it('stores all of fifty concurrent adds', async () => {
    const deps = memoryDeps();
    await Promise.all(Array.from({ length: 50 }, (_, n) => stored(deps, newApiKey({ id: `id-${n}` }))));
    expect(userRecord(deps)).toMatchObject({ version: 50, count: 50 });
  });

  it.each(systemCredentials.map(({ id, provider }) => [provider, id]))(
    'refuses the id of the system credential %s, configured or not',
    async (_, id) => {
      const deps = memoryDeps({ keys: { openai_api_key: 'k' } });
      await expect(stored(deps, newApiKey({ id }))).rejects.toMatchObject({ code: 'system_credential' });
    },
  );

  it('accepts a secret equal to a system key under another id', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'same' } });
    await expect(stored(deps, newApiKey({ provider: 'openai', apiKey: 'same' }))).resolves.toBeDefined();
  });

  it('refuses a credential above the limit', async () => {
    const deps = await userWith([newApiKey(), newApiKey()]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 2 };
    await expect(stored(deps, newApiKey())).rejects.toMatchObject({ code: 'credential_limit' });
    expect(userRecord(deps)).toMatchObject({ count: 2, version: 2 });
  });

  it('stores the last credential within the limit', async () => {
    const deps = await userWith([newApiKey()]);
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 2 };
    await expect(stored(deps, newApiKey())).resolves.toBeDefined();
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = memoryDeps();
    await markErasing(deps);
    await expect(stored(deps, newApiKey())).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it.each(['store_unavailable', 'store_busy'] as const)('throws %s of the store unchanged', async (code) => {
    const deps = memoryDeps();
    deps.users.write = vi.fn().mockRejectedValue(new ServiceError(code));
    await expect(stored(deps, newApiKey())).rejects.toMatchObject({ code });
  });

  it('writes nothing when the keys are unavailable', async () => {
    const deps = memoryDeps();
    deps.sealer.seal = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(stored(deps, newApiKey())).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(userRecord(deps)).toBeNull();
  });

  it('makes one write and no read', async () => {
    const deps = memoryDeps();
    const read = vi.spyOn(deps.users, 'readUser');
    const write = vi.spyOn(deps.users, 'write');
    await stored(deps, newApiKey());
    expect([read.mock.calls.length, write.mock.calls.length]).toEqual([0, 1]);
  });
});
