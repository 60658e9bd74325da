// The URL of a call against the API of the chosen credential's provider: a secret is answered only for a URL at one of its hosts.
import { describe, expect, it, vi } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { ALICE, newApiKey, newHostScoped, newOAuth2, newUserPassword, stored } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const API = { apiBaseUrl: 'https://api.acme.example/v1', apiHosts: ['*.acme.example.net', 'upload.acme.example:8443'] };
const REFUSED = { code: 'url_not_allowed' };

const storeUserWith = async (credential: NewCredential, record: Partial<ProviderRecord> = API): Promise<MemoryDeps> => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider(record)) });
  await stored(deps, { ...credential, id: 'a', provider: 'acme' });
  return deps;
};
const resolve = (deps: MemoryDeps, request: { provider?: string; credentialId?: string; url?: string } = {}) =>
  resolveCredential(deps, { userId: ALICE, scopes: [], credentialId: 'a', ...request });

const TYPES: [string, NewCredential][] = [
  ['api_key', newApiKey()],
  ['user_password', newUserPassword()],
  ['oauth2', newOAuth2()],
];

describe.each(TYPES)('resolveCredential of type %s', (_, credential) => {
  it.each([
    'https://api.acme.example/v1/things',
    'https://api.acme.example',
    'https://API.acme.example:443/',
    'https://x.acme.example.net/',
    'https://upload.acme.example:8443/',
    undefined,
  ])('answers the secret and the base URL for %s', async (url) => {
    const answer = await resolve(await storeUserWith(credential), url === undefined ? {} : { url });
    expect(answer).toMatchObject({ baseUrl: API.apiBaseUrl, credential: { id: 'a' } });
  });

  it.each([
    'https://evil.example/',
    'http://api.acme.example/v1',
    'https://api.acme.example:8443/',
    'https://api.acme.example.evil.example/',
    'https://api.acme.example@evil.example/',
    'https://evil.example\\@api.acme.example/',
    'https://user@api.acme.example/',
    'https://upload.acme.example/',
  ])('refuses %s, by id and by provider', async (url) => {
    const deps = await storeUserWith(credential);
    await expect(resolve(deps, { url })).rejects.toMatchObject(REFUSED);
    await expect(resolveCredential(deps, { userId: ALICE, provider: 'acme', url, scopes: [] })).rejects.toMatchObject(
      REFUSED,
    );
    expect(deps.meter.dimensionsFor('Resolves')).toEqual([
      { outcome: 'url_not_allowed' },
      { outcome: 'url_not_allowed' },
    ]);
  });

  it('answers for any URL, without a base URL, when the API is not known', async () => {
    const answer = await resolve(await storeUserWith(credential, {}), { url: 'https://any.example/' });
    expect(answer).toMatchObject({ baseUrl: null, credential: { id: 'a' } });
  });

  it('answers no secret when the operator’s entry cannot be read and a URL must be compared', async () => {
    const deps = await storeUserWith(credential);
    deps.providers.find = vi.fn().mockRejectedValue(new ServiceError('secrets_unavailable'));
    await expect(resolve(deps, { url: 'https://api.acme.example/' })).rejects.toMatchObject({
      code: 'secrets_unavailable',
    });
    await expect(resolve(deps)).resolves.toMatchObject({ baseUrl: null });
  });
});

describe.each(TYPES)('the API of one tenant with type %s', (_, credential) => {
  const SHOP = {
    apiBaseUrl: 'https://{shop}.example.com/admin',
    apiHosts: ['{shop}.example.net'],
    templateVariables: { shop: { pattern: '[a-z]+' } },
  };
  const makeShop = (variables?: Record<string, string>) =>
    storeUserWith({ ...credential, ...(variables && { variables }) } as NewCredential, SHOP);

  it('is filled from the variables of the credential', async () => {
    const deps = await makeShop({ shop: 'one' });
    expect(await resolve(deps, { url: 'https://one.example.net/x' })).toMatchObject({
      baseUrl: 'https://one.example.com/admin',
    });
    expect(Object.keys((await resolve(deps)).credential.secret)).not.toContain('variables');
  });

  it('is not that of another tenant', async () => {
    const deps = await makeShop({ shop: 'one' });
    for (const url of ['https://two.example.net/', 'https://two.example.com/admin'])
      await expect(resolve(deps, { url })).rejects.toMatchObject(REFUSED);
  });

  it('is not known, and no URL is allowed, when a variable is missing', async () => {
    const deps = await storeUserWith(newApiKey(), SHOP);
    expect(await resolve(deps)).toMatchObject({ baseUrl: null });
    await expect(resolve(deps, { url: 'https://one.example.net/' })).rejects.toMatchObject(REFUSED);
  });
});

describe('the API of a grant that is bound to an origin', () => {
  it.each<[string, string, Partial<ProviderRecord>, string | null]>([
    ['the present one', 'https://acme.example', API, API.apiBaseUrl],
    ['a former one', 'https://old.example', { ...API, formerTokenOrigins: ['https://old.example'] }, API.apiBaseUrl],
    ['another one', 'https://old.example', API, null],
  ])('is known for %s only', async (_, tokenOrigin, record, baseUrl) => {
    const bound = { ...newOAuth2(), clientId: 'client-gone', tokenOrigin } as NewCredential;
    const deps = await storeUserWith(bound, record);
    expect(await resolve(deps)).toMatchObject({ baseUrl });
    const byUrl = resolve(deps, { url: 'https://api.acme.example/v1/things' });
    if (baseUrl === null) await expect(byUrl).rejects.toMatchObject(REFUSED);
    else await expect(byUrl).resolves.toMatchObject({ baseUrl });
  });

  it('is not known where the present entry has other variables', async () => {
    const bound = { ...newOAuth2(), clientId: 'client-1', tokenOrigin: 'https://old.example' } as NewCredential;
    const record = { ...API, templateVariables: { shop: { pattern: '[a-z]+' } } };
    expect(await resolve(await storeUserWith(bound, record))).toMatchObject({ baseUrl: null });
  });
});

describe('other credentials', () => {
  it('a host-scoped one is compared with its own host only, and has no base URL', async () => {
    const deps = await storeUserWith(newHostScoped({ host: 'own.example' }));
    expect(await resolve(deps, { url: 'https://own.example/' })).toMatchObject({ baseUrl: null });
    await expect(resolve(deps, { url: 'https://api.acme.example/' })).rejects.toMatchObject({ code: 'not_connected' });
  });

  it.each([
    ['https://api.openai.com/v1/models', 'openai'],
    ['https://eu.api.openai.com/v1/models', 'openai'],
  ])('the operator’s key is answered for %s', async (url, provider) => {
    const deps = memoryDeps({ keys: { openai_api_key: 'k' } });
    const answer = await resolveCredential(deps, { userId: ALICE, provider, url, scopes: [] });
    expect(answer).toMatchObject({ baseUrl: 'https://api.openai.com', credential: { source: 'system' } });
  });

  it.each(['https://evil.example/', 'http://api.openai.com/', 'https://api.openai.com.evil.example/'])(
    'the operator’s key is refused for %s',
    async (url) => {
      const deps = memoryDeps({ keys: { openai_api_key: 'k' } });
      const answer = resolveCredential(deps, { userId: ALICE, provider: 'openai', url, scopes: [] });
      await expect(answer).rejects.toMatchObject(REFUSED);
    },
  );
});
