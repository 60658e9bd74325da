// Where a provider wants a key or token: as the operator or the catalogue says, else as its vendor documents for API keys.
// While the operator's providers can't be read, the catalogue speaks alone: a key that can be sent is sent.

import { type ProviderProfile, providerProfile } from '../domain/oauth/provider-profile.ts';
import type { KeyPlacements, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import { apiKeyPlacement } from './api-key-placements.ts';
import { findCatalogueProvider } from './catalogue.ts';

const catalogueProfile = (provider: string): ProviderProfile | undefined => {
  const record = findCatalogueProvider(provider);
  return record && providerProfile(provider, record);
};

const findProfile = async (providers: ProviderDirectory, provider: string): Promise<ProviderProfile | undefined> => {
  try {
    return (await providers.find(provider))?.profile;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'secrets_unavailable') return catalogueProfile(provider);
    throw error;
  }
};

export const keyPlacements = (providers: ProviderDirectory): KeyPlacements => ({
  keyPlacement: async (provider) =>
    (await findProfile(providers, provider))?.apiKeyPlacement ?? apiKeyPlacement(provider),
});
