// Where the key of a provider goes: by the operator's entry, else by the catalogue.
import { describe, expect, it } from 'vitest';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { keyPlacements } from '../../../lib/providers/key-placements.ts';

const endpoints = { authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };

const findPlacement = (provider: string, record: Partial<ProviderRecord> | undefined) => {
  const found = record && { provider, profile: providerProfile(provider, { ...endpoints, ...record }), client: null };
  const providers: ProviderDirectory = {
    find: async () => found,
    findPastCache: async () => found,
    listConfigured: async () => [],
  };
  return keyPlacements(providers).keyPlacement(provider);
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
    [
      'a bearer token for an unknown provider',
      'acme',
      undefined,
      { header: { name: 'authorization', prefix: 'Bearer ' } },
    ],
  ])('uses %s', async (_, provider, record, placement) => {
    expect(await findPlacement(provider, record)).toEqual(placement);
  });

  it('uses the catalogue while the operator’s providers cannot be read', async () => {
    const unavailable = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    const placements = keyPlacements({ find: unavailable, findPastCache: unavailable, listConfigured: unavailable });
    expect(await placements.keyPlacement('shopify')).toMatchObject({ header: { name: 'x-shopify-access-token' } });
    expect(await placements.keyPlacement('anthropic')).toMatchObject({ header: { name: 'x-api-key' } });
  });
});
