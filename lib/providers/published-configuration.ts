// What the published configuration says about system credentials and providers, for functions that may read no secret.
import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import { providerProfile } from '../domain/oauth/provider-profile.ts';
import type { PublishedConfiguration } from '../domain/ports/configuration-store.ts';
import type { ListedProvider, PublishedProviders } from '../domain/ports/provider-directory.ts';
import type { SystemDirectory } from '../domain/ports/system-keys.ts';
import { catalogueProviders } from './catalogue.ts';

const catalogueEntries = (): [string, ListedProvider][] =>
  [...catalogueProviders].map(([provider, record]) => {
    const { displayName, defaultScopes } = providerProfile(provider, record);
    return [provider, { provider, displayName, configured: false, defaultScopes }];
  });

/**
 * Serves both directories from `read`, which returns the published configuration, null before the first one. System credentials
 * that need no key are always configured. Both directories throw what `read` throws.
 */
export const publishedConfiguration = (
  read: () => Promise<PublishedConfiguration | null>,
): SystemDirectory & PublishedProviders => {
  const idsWithoutKey = configuredSystemIds(new Set());
  return {
    configuredIds: async () => new Set([...idsWithoutKey, ...((await read())?.systemCredentialIds ?? [])]),
    oauthProviders: async () => {
      const providers = new Map(catalogueEntries());
      for (const known of (await read())?.providers ?? []) {
        providers.set(known.provider, { ...known, configured: true });
      }
      return [...providers.values()];
    },
  };
};
