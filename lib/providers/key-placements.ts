// Where a provider expects a key or token: the operator's entry or the catalogue decides, else the vendor's documentation of API
// keys. While the operator's providers can't be read, the catalogue alone decides, so that stored keys remain usable.
import { fillFixedHeaders, type ProviderProfile, providerProfile } from '../domain/oauth/provider-profile.ts';
import type { KeyPlacements, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import { apiKeyPlacement } from './api-key-placements.ts';
import { findCatalogueProvider } from './catalogue.ts';

const catalogueProfile = (provider: string): ProviderProfile | undefined => {
  const record = findCatalogueProvider(provider);
  return record && providerProfile(provider, record);
};

interface Found {
  profile: ProviderProfile | undefined;
  /** null: not configured, or it can't be read. */
  clientId: string | null;
}

const findKnown = async (providers: ProviderDirectory, provider: string): Promise<Found> => {
  try {
    const known = await providers.find(provider);
    return { profile: known?.profile, clientId: known?.client?.clientId ?? null };
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'secrets_unavailable')
      return { profile: catalogueProfile(provider), clientId: null };
    throw error;
  }
};

/** The provider's profile; the catalogue's while the operator's providers can't be read. Throws what `find` throws otherwise. */
export const findProfile = async (
  providers: ProviderDirectory,
  provider: string,
): Promise<ProviderProfile | undefined> => (await findKnown(providers, provider)).profile;

/** Throws what `find` throws, except `secrets_unavailable`. */
export const keyPlacements = (providers: ProviderDirectory): KeyPlacements => ({
  keyPlacement: async (provider, type = 'api_key') => {
    const { profile, clientId } = await findKnown(providers, provider);
    const placement =
      type === 'oauth2' ? profile?.tokenPlacement : (profile?.apiKeyPlacement ?? apiKeyPlacement(provider));
    const fixedHeaders = fillFixedHeaders(profile?.fixedHeaders ?? {}, clientId);
    return placement && Object.keys(fixedHeaders).length > 0 ? { ...placement, fixedHeaders } : placement;
  },
});
