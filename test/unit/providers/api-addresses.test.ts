// The addresses of APIs: which source decides.
import { describe, expect, it } from 'vitest';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { ApiAddressRequest, ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { directoryApiAddresses } from '../../../lib/providers/api-addresses.ts';

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

  it('fills the variables of a listed API', async () => {
    const request = { provider: 'jira', type: 'user_password', data: { subdomain: 'acme' } } as const;
    expect(await findAddress(undefined, request)).toEqual({ baseUrl: 'https://acme.atlassian.net', hosts: [] });
    expect(await findAddress(undefined, { ...request, data: {} })).toMatchObject({ baseUrl: null });
    expect(await findAddress(undefined, { ...request, data: { subdomain: 'a.evil' } })).toMatchObject({
      baseUrl: null,
    });
  });

  it('never answers the vendor’s address for an entry of another service', async () => {
    const request = { provider: 'gitlab' } as const;
    const tokenEndpoint = 'https://gitlab.com/oauth/token';
    expect(await findAddress({ tokenEndpoint }, request)).toMatchObject({ baseUrl: 'https://gitlab.com/api' });
    expect(await findAddress({ tokenEndpoint }, { ...request, type: 'oauth2' })).toBeNull();
    for (const host of ['gitlab.acme.example', 'gitlab.com.evil.example', 'gitlab.com:8443']) {
      expect(await findAddress({ tokenEndpoint: `https://${host}/oauth/token` }, request)).toBeNull();
    }
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
    // The operator's `gitlab` may be another service.
    expect(await addresses.findAddress({ ...request, provider: 'gitlab', isBinding: false })).toBeNull();
  });
});
