// Reading one credential: its view for users, and its secret for workers.
import { describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { getCredential, getCredentialView } from '../../../../lib/operations/credential/get-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  putRawItem,
  START,
  untouchable,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';
const WEBSHARE = 'a5b3c7d9-2e4f-4a6b-8c1d-9e0f1a2b3c4d';

const get = (deps: MemoryDeps, id: string, userId = ALICE) => getCredential(deps, { userId, id });
const view = (deps: MemoryDeps, id: string, userId = ALICE) => getCredentialView(deps, { userId, id });

const lookups = [
  ['getCredential', get],
  ['getCredentialView', view],
] as const;

describe.each(lookups)('%s', (_, find) => {
  it("answers the user's version", async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey()]);
    expect((await find(deps, 'a')).version).toBe(2);
  });

  it('reads the user record before the credential, so the version is never newer than the credential', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const order: string[] = [];
    for (const method of ['readUserRecord', 'readCredential'] as const) {
      const real = deps.users[method] as (...parameters: string[]) => Promise<never>;
      deps.users[method] = vi.fn((...parameters: string[]) => {
        order.push(method);
        return real(...parameters);
      });
    }
    await find(deps, 'a');
    expect(order).toEqual(['readUserRecord', 'readCredential']);
  });

  it.each([
    ['unknown', 'nope', ALICE],
    ["another user's", 'a', BOB],
    ['of a system credential that is not configured', OPENAI, ALICE],
  ])('answers credential_not_found for an id that is %s', async (_why, id, userId) => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    await expect(find(deps, id, userId)).rejects.toMatchObject({ code: 'credential_not_found', members: {} });
  });

  it('ignores a row stored under the id of a system credential', async () => {
    const deps = memoryDeps();
    putRawItem(deps, OPENAI, BROKEN_ITEM);
    await expect(find(deps, OPENAI)).rejects.toMatchObject({ code: 'credential_not_found' });
  });
});

describe('getCredentialView', () => {
  it('shows a stored credential without its secret', async () => {
    const deps = await userWith([newApiKey({ id: 'a', title: 'T', apiKey: 'canary' })]);
    const found = await view(deps, 'a');
    expect(found.view).toMatchObject({ id: 'a', title: 'T', source: 'user', status: 'active', version: 1 });
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('opens no seal and reads no system key', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.sealer = untouchable('sealer');
    deps.systemKeys = untouchable('systemKeys');
    await expect(view(deps, 'a')).resolves.toBeDefined();
  });

  it('shows an unreadable row as unreadable', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'x', BROKEN_ITEM);
    expect((await view(deps, 'x')).view).toMatchObject({ id: 'x', status: 'unreadable', reason: 'unreadable' });
  });

  it('shows a configured system credential', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'k' } });
    expect((await view(deps, OPENAI)).view).toMatchObject({ id: OPENAI, source: 'system', version: null });
  });
});

describe('getCredential', () => {
  it.each([
    [newApiKey({ id: 'a' }), { apiKey: 'key-1' }],
    [newUserPassword({ id: 'a' }), { username: 'user-1', password: 'password-1' }],
    [newHostScoped({ id: 'a' }), { headers: { 'x-token': 'header-1' } }],
  ])('gives the secret of $type', async (credential, secret) => {
    const deps = await userWith([credential]);
    expect((await get(deps, 'a')).credential).toMatchObject({ id: 'a', status: 'active', secret });
  });

  it('answers the access token of an OAuth credential, its metadata and secret data, never its refresh token', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'canary', metadata: { m: 1 } })]);
    const found = await get(deps, 'a');
    expect(found.credential).toMatchObject({ secret: { accessToken: 'access-1' }, metadata: { m: 1 } });
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('answers the secret of an expired credential, with its status', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: START })]);
    expect((await get(deps, 'a')).credential).toMatchObject({ reason: 'expired', secret: { apiKey: 'key-1' } });
  });

  it.each([
    [OLLAMA, {}, { apiKey: 'FAKE_API_KEY' }],
    [OPENAI, { openai_api_key: 'op' }, { apiKey: 'op' }],
    [WEBSHARE, { webshare_proxy_username: 'u', webshare_proxy_password: 'p' }, { username: 'u', password: 'p' }],
  ])('answers the current setting as the secret of %s', async (id, keys, secret) => {
    expect((await get(memoryDeps({ keys }), id)).credential).toMatchObject({ id, source: 'system', secret });
  });

  it('answers credential_not_found for a system credential whose setting was just removed', async () => {
    const deps = memoryDeps({ keys: {} });
    deps.systemDirectory = { configuredIds: async () => new Set([OPENAI]) };
    await expect(get(deps, OPENAI)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it("answers the user's own credential while the operator's secrets are unavailable", async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.systemKeys = untouchable('systemKeys');
    deps.systemDirectory = untouchable('systemDirectory');
    await expect(get(deps, 'a')).resolves.toBeDefined();
  });

  it('throws keys_unavailable unchanged', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(get(deps, 'a')).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it.each([
    ['an unreadable row', BROKEN_ITEM],
    ['a row of a newer release', { ...BROKEN_ITEM, schemaVersion: 2 }],
  ])('answers credential_unreadable for %s', async (_, item) => {
    const deps = memoryDeps();
    putRawItem(deps, 'x', item);
    await expect(get(deps, 'x')).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it.each([
    ['another user', { userId: 'mallory' }],
    ['another host', { host: 'evil.example' }],
    ['another secret', { secretRev: 'older' }],
    ['another provider', { provider: 'other' }],
  ])('does not open a seal made for %s', async (_, change) => {
    const deps = await userWith([newHostScoped({ id: 'a' })]);
    const { userId = ALICE, ...fields } = change as { userId?: string };
    const item = deps.table.users.get(ALICE)?.credentials.get('a');
    putRawItem(deps, 'a', { ...item, ...fields }, userId);
    await expect(get(deps, 'a', userId)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it('answers credential_unreadable for a document of another type', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.sealer.open = vi.fn().mockResolvedValue({ password: 'p' });
    await expect(get(deps, 'a')).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});
