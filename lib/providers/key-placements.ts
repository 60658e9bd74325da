// Where a provider expects a key or token: the operator's entry or the catalogue decides, else the vendor's documentation of API
// keys. While the operator's providers can't be read, the catalogue alone decides, so that stored keys remain usable.
import { type ProviderProfile, providerProfile } from '../domain/oauth/provider-profile.ts';
import type { KeyPlacements, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import { apiKeyPlacement } from './api-key-placements.ts';
import { findCatalogueProvider } from './catalogue.ts';

const catalogueProfile = (provider: string): ProviderProfile | undefined => {
  const record = findCatalogueProvider(provider);
  return record && providerProfile(provider, record);
};

/** The provider's profile; the catalogue's while the operator's providers can't be read. Throws what `find` throws otherwise. */
export const findProfile = async (
  providers: ProviderDirectory,
  provider: string,
): Promise<ProviderProfile | undefined> => {
  try {
    return (await providers.find(provider))?.profile;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'secrets_unavailable') return catalogueProfile(provider);
    throw error;
  }
};

/** Throws what `find` throws, except `secrets_unavailable`. */
export const keyPlacements = (providers: ProviderDirectory): KeyPlacements => ({
  keyPlacement: async (provider) =>
    (await findProfile(providers, provider))?.apiKeyPlacement ?? apiKeyPlacement(provider),
});
