// What the published configuration says about system credentials and providers, for functions that may read no secret.
import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import { providerProfile } from '../domain/oauth/provider-profile.ts';
import type { PublishedConfiguration } from '../domain/ports/configuration-store.ts';
import type { ListedProvider, PublishedProviders } from '../domain/ports/provider-directory.ts';
import type { ProviderTemplates } from '../domain/ports/provider-templates.ts';
import type { SystemDirectory } from '../domain/ports/system-keys.ts';
import { catalogueProviders, findCatalogueProvider } from './catalogue.ts';

const catalogueEntries = (): [string, ListedProvider][] =>
  [...catalogueProviders].map(([provider, record]) => {
    const { displayName, defaultScopes } = providerProfile(provider, record);
    return [provider, { provider, displayName, configured: false, defaultScopes }];
  });

/**
 * Serves the three ports from `read`, which returns the published configuration, null before the first one. System credentials
 * that need no key are always configured. All throw what `read` throws.
 */
export const publishedConfiguration = (
  read: () => Promise<PublishedConfiguration | null>,
): SystemDirectory & PublishedProviders & ProviderTemplates => {
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
    findVariables: async (provider) => {
      const configured = (await read())?.providers.find((known) => known.provider === provider);
      return (configured ?? findCatalogueProvider(provider))?.templateVariables ?? {};
    },
  };
};
