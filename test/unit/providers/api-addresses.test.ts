// The addresses of APIs: what is listed, and which source decides.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../lib/domain/credential/system-credentials.ts';
import { isApiBaseUrl, isApiHost } from '../../../lib/domain/oauth/api-address.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { ApiAddressRequest, ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { directoryApiAddresses, findListedApi } from '../../../lib/providers/api-addresses.ts';
import { apiAddresses, apisCheckedOn, apisLeftOut } from '../../../lib/providers/catalogue/api-addresses.ts';
import { findCatalogueProvider } from '../../../lib/providers/catalogue.ts';

const endpoints = { authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };

const directory = (record: Partial<ProviderRecord> | undefined): ProviderDirectory => {
  const find = async (provider: string) =>
    record && { provider, profile: providerProfile(provider, { ...endpoints, ...record }), client: null };
  return { find, findPastCache: find, listConfigured: async () => [] };
};

const findAddress = (record: Partial<ProviderRecord> | undefined, request: Partial<ApiAddressRequest> = {}) =>
  directoryApiAddresses(directory(record)).findAddress({
    provider: 'openai',
    type: 'api_key',
    data: {},
    isBinding: true,
    ...request,
  });

describe('the list of APIs', () => {
  it('has every system credential except those left out for a reason', () => {
    const missing = systemCredentials.map(({ provider }) => provider).filter((name) => findListedApi(name) === null);
    expect(missing).toEqual(apisLeftOut);
    expect(Object.keys(apiAddresses)).toHaveLength(systemCredentials.length - apisLeftOut.length);
  });

  it.each(Object.entries(apiAddresses))('has %s with an https base URL, host patterns and two sources', (_, api) => {
    expect(api.apiBaseUrl === null ? api.apiHosts.length > 0 : isApiBaseUrl(api.apiBaseUrl)).toBe(true);
    expect(api.apiBaseUrl ?? 'https://').toMatch(/^https:\/\//);
    expect(api.apiBaseUrl ?? '').not.toMatch(/\/v\d|\/$/);
    expect(api.apiHosts.filter((host) => !isApiHost(host))).toEqual([]);
    expect(new Set(api.sources).size).toBeGreaterThanOrEqual(2);
    expect(api.sources.filter((source) => !/^https:\/\/[\w.-]+\.[a-z]+\//.test(`${source}/`))).toEqual([]);
  });

  it('says when its sources were read', () => {
    expect(apisCheckedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('has no provider that is also in the catalogue', () => {
    expect(Object.keys(apiAddresses).filter((name) => findCatalogueProvider(name) !== undefined)).toEqual([]);
  });

  it.each(['', 'OpenAI', '__proto__', 'constructor', 'ollama'])('has no API for %j', (name) => {
    expect(findListedApi(name)).toBeNull();
  });
});

describe('findAddress', () => {
  it('finds the listed API of a provider without a record', async () => {
    expect(await findAddress(undefined)).toEqual({ baseUrl: 'https://api.openai.com', hosts: ['*.api.openai.com'] });
  });

  it('prefers the API of the record to the listed one', async () => {
    const record = { apiBaseUrl: 'https://proxy.example/openai' };
    expect(await findAddress(record)).toEqual({ baseUrl: 'https://proxy.example/openai', hosts: [] });
  });

  it('restricts keys, but not OAuth tokens, by the list when the record names no API', async () => {
    expect(await findAddress({})).toMatchObject({ baseUrl: 'https://api.openai.com' });
    expect(await findAddress({}, { type: 'oauth2' })).toBeNull();
  });

  it('finds no API of an unknown provider', async () => {
    expect(await findAddress(undefined, { provider: 'acme' })).toBeNull();
  });

  it('needs the operator’s entry when a URL is compared, and otherwise falls back to the catalogue', async () => {
    const unavailable = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    const addresses = directoryApiAddresses({
      find: unavailable,
      findPastCache: unavailable,
      listConfigured: unavailable,
    });
    const request = { provider: 'openai', type: 'api_key', data: {} } as const;
    await expect(addresses.findAddress({ ...request, isBinding: true })).rejects.toMatchObject({
      code: 'secrets_unavailable',
    });
    expect(await addresses.findAddress({ ...request, isBinding: false })).toMatchObject({
      baseUrl: 'https://api.openai.com',
    });
  });
});
