// Where a provider wants a key or token: as the operator or the catalogue says, else as its vendor documents for API keys.
// While the operator's providers can't be read, the catalogue speaks alone: a key that can be sent is sent.

import type { KeyPlacement } from '../domain/credential/sendable-fields.ts';
import type { ProviderRecord } from '../domain/oauth/provider-record.ts';
import type { KeyPlacements, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import { apiKeyPlacement } from './api-key-placements.ts';
import { findCatalogueProvider } from './catalogue.ts';

const fromRecord = (record: ProviderRecord | undefined): KeyPlacement | undefined => {
  if (record?.apiKeyHeader) return { header: record.apiKeyHeader };
  return record?.apiKeyQuery === undefined ? undefined : { query: record.apiKeyQuery };
};

const findRecord = async (providers: ProviderDirectory, provider: string): Promise<ProviderRecord | undefined> => {
  try {
    return (await providers.find(provider))?.record;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'secrets_unavailable') return findCatalogueProvider(provider);
    throw error;
  }
};

export const keyPlacements = (providers: ProviderDirectory): KeyPlacements => ({
  keyPlacement: async (provider) => fromRecord(await findRecord(providers, provider)) ?? apiKeyPlacement(provider),
});
