// Listing credentials: their order, the filter by provider, and the providers that can be used.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
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
  storedItems,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const everySetting = Object.fromEntries(
  systemCredentials.flatMap(({ settings }) => settings.map((name) => [name, 'v'])),
);

const list = (deps: MemoryDeps, provider?: string) => listCredentials(deps, { userId: ALICE, provider });
const ids = async (deps: MemoryDeps, provider?: string) =>
  (await list(deps, provider)).credentials.map((view) => view.id);
const ownIds = async (deps: MemoryDeps) =>
  (await list(deps)).credentials.filter((view) => view.source === 'user').map((view) => view.id);

describe('listCredentials', () => {
  it('shows a new user only ollama, at version 0', async () => {
    const found = await list(memoryDeps());
    expect(found).toEqual({
      version: 0,
      providers: ['ollama'],
      credentials: [
        {
          id: OLLAMA,
          provider: 'ollama',
          type: 'api_key',
          title: 'Use Credits for Ollama',
          source: 'system',
          status: 'active',
          reason: null,
          username: null,
          scopes: null,
          host: null,
          data: null,
          resource: null,
          expiresAt: null,
          version: null,
          createdAt: null,
          updatedAt: null,
        },
      ],
    });
  });

  it('shows all 28 system credentials when all are configured, in the order of the catalogue', async () => {
    const found = await ids(memoryDeps({ keys: everySetting }));
    expect(found).toHaveLength(28);
    expect(found).toEqual(systemCredentials.map(({ id }) => id));
  });

  it.each([
    [{ webshare_proxy_username: 'u' }, false],
    [{ webshare_proxy_password: 'p' }, false],
    [{ webshare_proxy_username: 'u', webshare_proxy_password: 'p' }, true],
  ])('shows webshare_proxy only when both settings are there: %j', async (keys, shown) => {
    const { providers } = await list(memoryDeps({ keys }));
    expect(providers.includes('webshare_proxy')).toBe(shown);
  });

  it("lists the user's own credentials first, in order of creation", async () => {
    const deps = await userWith([newApiKey({ id: 'z' }), newApiKey({ id: 'm' }), newApiKey({ id: 'a' })]);
    expect(await ids(deps)).toEqual(['z', 'm', 'a', OLLAMA]);
  });

  it('orders credentials of the same time by id', async () => {
    const deps = memoryDeps();
    for (const id of ['b', 'c', 'a']) putRawItem(deps, id, { ...storedItems(await userWith([newApiKey({ id })]))[0] });
    expect(await ownIds(deps)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the place of a replaced credential', async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' })]);
    deps.clock.advance(1000);
    await replaceCredential(deps, { userId: ALICE, id: 'a', credential: newApiKey({ apiKey: 'new' }) });
    expect(await ownIds(deps)).toEqual(['a', 'b']);
  });

  it('shows no credential of another user', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const found = await listCredentials(deps, { userId: BOB });
    expect(found.credentials.map((view) => view.id)).toEqual([OLLAMA]);
  });

  it('stores no row for system credentials', async () => {
    const deps = memoryDeps({ keys: everySetting });
    await list(deps);
    expect(storedItems(deps)).toEqual([]);
  });

  it("answers the user's version", async () => {
    const deps = await userWith([newApiKey(), newApiKey()]);
    expect((await list(deps)).version).toBe(2);
  });

  it('contains no secret of any type', async () => {
    const deps = await userWith([
      newApiKey({ apiKey: 'canary-1' }),
      newUserPassword({ username: 'canary-2', password: 'canary-3' }),
      newHostScoped({ headers: { 'x-a': 'canary-4' } }),
      newOAuth2({ accessToken: 'canary-5', refreshToken: 'canary-6', metadata: { m: 'canary-7' } }),
    ]);
    expect(JSON.stringify(await list(deps))).not.toContain('canary');
  });

  it('shows an expired API key as reconnect_required', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: START - 1 })]);
    expect((await list(deps)).credentials[0]).toMatchObject({
      id: 'a',
      status: 'reconnect_required',
      reason: 'expired',
      expiresAt: new Date(START - 1).toISOString(),
    });
  });

  it('shows a key that expired in 1969', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: -1 })]);
    expect((await list(deps)).credentials[0]).toMatchObject({ id: 'a', reason: 'expired' });
  });
});

describe('listCredentials with a provider', () => {
  const mixed = () =>
    userWith([newApiKey({ id: 'a', provider: 'openai' }), newApiKey({ id: 'b', provider: 'github' })], {
      keys: { openai_api_key: 'k' },
    });

  it("shows the user's and the system credential of that provider", async () => {
    expect(await ids(await mixed(), 'openai')).toEqual(['a', '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a']);
  });

  it('is empty for a provider without a credential', async () => {
    expect(await ids(await mixed(), 'nowhere')).toEqual([]);
  });

  it('still names all providers', async () => {
    expect((await list(await mixed(), 'github')).providers).toEqual(['openai', 'github', 'ollama']);
  });
});

describe('the providers of listCredentials', () => {
  it('names each provider once', async () => {
    const deps = await userWith([newApiKey({ provider: 'openai' }), newApiKey({ provider: 'openai' })], {
      keys: { openai_api_key: 'k' },
    });
    expect((await list(deps)).providers.toSorted()).toEqual(['ollama', 'openai']);
  });

  it.each([
    ['an expired key', newApiKey({ provider: 'p', expiresAt: START })],
    ['an expired OAuth credential without a refresh token', newOAuth2({ provider: 'p', accessTokenExpiresAt: START })],
  ])('leaves out the provider of %s', async (_, credential) => {
    expect((await list(await userWith([credential]))).providers).toEqual(['ollama']);
  });

  it('names the provider of an expired credential that can be refreshed', async () => {
    const deps = await userWith([newOAuth2({ provider: 'p', refreshToken: 'r', accessTokenExpiresAt: START })]);
    expect((await list(deps)).providers).toContain('p');
  });

  it('leaves out the provider of an unreadable row', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'x', BROKEN_ITEM);
    expect((await list(deps)).providers).toEqual(['ollama']);
  });
});
