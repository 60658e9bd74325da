// Where a provider expects a key or token: the operator's entry or the catalogue decides, else what is listed of APIs that take
// keys. While the operator's providers can't be read, the catalogue alone decides, so that stored keys remain usable.

import type { KeyPlacement } from '../domain/credential/sendable-fields.ts';
import { type ProviderProfile, providerProfile } from '../domain/oauth/provider-profile.ts';
import type { KeyPlacements, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import { findCatalogueProvider } from './catalogue.ts';
import { findListedApi } from './listed-api.ts';

const BEARER: KeyPlacement = { header: { name: 'authorization', prefix: 'Bearer ' } };

const catalogueProfile = (provider: string): ProviderProfile | undefined => {
  const record = findCatalogueProvider(provider);
  return record && providerProfile(provider, record);
};

/** A provider's profile and client, and whether the operator's entries could be read: if not, the profile is the catalogue's. */
export interface FoundProfile {
  profile: ProviderProfile | undefined;
  /** null: not configured, or it can't be read. */
  clientId: string | null;
  isRead: boolean;
}

/** Throws what `find` throws, except `secrets_unavailable`. */
export const findProfile = async (providers: ProviderDirectory, provider: string): Promise<FoundProfile> => {
  try {
    const known = await providers.find(provider);
    return { profile: known?.profile, clientId: known?.client?.clientId ?? null, isRead: true };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'secrets_unavailable') throw error;
    return { profile: catalogueProfile(provider), clientId: null, isRead: false };
  }
};

/** Throws what `find` throws, except `secrets_unavailable`. */
export const keyPlacements = (providers: ProviderDirectory): KeyPlacements => ({
  keyPlacement: async (provider, type) => {
    const { profile, clientId } = await findProfile(providers, provider);
    const listed = type === 'api_key' ? findListedApi(provider, profile)?.placement : null;
    const placement = type === 'oauth2' ? profile?.tokenPlacement : (profile?.apiKeyPlacement ?? listed ?? undefined);
    const fixedHeaders = profile?.fixedHeaders ?? {};
    return Object.keys(fixedHeaders).length > 0 ? { ...(placement ?? BEARER), fixedHeaders, clientId } : placement;
  },
});
