// Where the key of a provider goes: by the operator's entry, else by the catalogue.
import { describe, expect, it } from 'vitest';
import type { CredentialType } from '../../../lib/domain/credential/credential.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { keyPlacements } from '../../../lib/providers/key-placements.ts';

const endpoints = { authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };

const BEARER = { header: { name: 'authorization', prefix: 'Bearer ' } };

const findPlacement = (
  provider: string,
  record: Partial<ProviderRecord> | undefined,
  type: CredentialType = 'api_key',
) => {
  const client = { clientId: 'client-1', clientSecret: null };
  const found = record && { provider, profile: providerProfile(provider, { ...endpoints, ...record }), client };
  const providers: ProviderDirectory = {
    find: async () => found,
    findPastCache: async () => found,
    listConfigured: async () => [],
  };
  return keyPlacements(providers).keyPlacement(provider, type);
};

describe('keyPlacements', () => {
  it.each<[string, string, Partial<ProviderRecord> | undefined, unknown]>([
    [
      'the header of the record',
      'acme',
      { apiKeyHeader: { name: 'X-Key', prefix: '' } },
      { header: { name: 'X-Key', prefix: '' } },
    ],
    ['the query parameter of the record', 'acme', { apiKeyQuery: 'key' }, { query: 'key' }],
    ['the record rather than the vendor’s placement', 'anthropic', { apiKeyQuery: 'key' }, { query: 'key' }],
    [
      'the vendor’s placement when the record states none',
      'anthropic',
      {},
      { header: { name: 'x-api-key', prefix: '' } },
    ],
    ['the vendor’s placement without a record', 'anthropic', undefined, { header: { name: 'x-api-key', prefix: '' } }],
    ['a bearer token for an unknown provider', 'acme', undefined, undefined],
    ['a bearer token for a name of Object.prototype', '__proto__', undefined, undefined],
  ])('uses %s', async (_, provider, record, placement) => {
    expect(await findPlacement(provider, record)).toEqual(placement);
  });

  it('places a key and a token of one provider apart', async () => {
    const record = { apiKeyHeader: { name: 'x-figma-token', prefix: '' } };
    expect(await findPlacement('acme', record)).toEqual({ header: record.apiKeyHeader });
    expect(await findPlacement('acme', record, 'oauth2')).toEqual(BEARER);
    const other = { tokenHeader: { name: 'x-token', prefix: 'T ' }, apiKeyQuery: 'key' };
    expect(await findPlacement('acme', other, 'oauth2')).toEqual({ header: other.tokenHeader });
    expect(await findPlacement('acme', other)).toEqual({ query: 'key' });
  });

  it('places no token as the vendor wants keys', async () => {
    expect(await findPlacement('anthropic', {}, 'oauth2')).toEqual(BEARER);
    expect(await findPlacement('anthropic', undefined, 'oauth2')).toBeUndefined();
  });

  it.each<[string, CredentialType, object]>([
    ['shopify', 'oauth2', { header: { name: 'x-shopify-access-token', prefix: '' } }],
    ['zoho', 'oauth2', { header: { name: 'authorization', prefix: 'Zoho-oauthtoken ' } }],
    ['figma', 'oauth2', BEARER],
    ['figma', 'api_key', { header: { name: 'x-figma-token', prefix: '' } }],
    ['notion', 'oauth2', { ...BEARER, fixedHeaders: { 'notion-version': '2022-06-28' }, clientId: 'client-1' }],
    ['twitch', 'oauth2', { ...BEARER, fixedHeaders: { 'client-id': '{client_id}' }, clientId: 'client-1' }],
  ])('knows where %s wants an %s', async (provider, type, placement) => {
    expect(await findPlacement(provider, findCatalogueProvider(provider), type)).toEqual(placement);
  });

  it('has no client for fixed fields where the operator has none', async () => {
    const record = { fixedHeaders: { 'Client-Id': '{client_id}', 'X-Version': '2' } };
    const known = { provider: 'acme', profile: providerProfile('acme', { ...endpoints, ...record }), client: null };
    const find = async () => known;
    const placements = keyPlacements({ find, findPastCache: find, listConfigured: async () => [] });
    expect(await placements.keyPlacement('acme', 'api_key')).toMatchObject({ ...record, clientId: null });
  });

  it('does not place a key as the vendor says when the operator’s entry is of another service', async () => {
    const own = { tokenEndpoint: 'https://gitlab.com/other/path' };
    expect(await findPlacement('gitlab', own)).toEqual({ header: { name: 'private-token', prefix: '' } });
    expect(await findPlacement('gitlab', { tokenEndpoint: 'https://gitlab.acme.example/t' })).toBeUndefined();
  });

  it('uses the catalogue while the operator’s providers cannot be read', async () => {
    const unavailable = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    const placements = keyPlacements({ find: unavailable, findPastCache: unavailable, listConfigured: unavailable });
    expect(await placements.keyPlacement('shopify', 'oauth2')).toMatchObject({
      header: { name: 'x-shopify-access-token' },
    });
    expect(await placements.keyPlacement('anthropic', 'api_key')).toMatchObject({ header: { name: 'x-api-key' } });
  });
});
