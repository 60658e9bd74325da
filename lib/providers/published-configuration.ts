// What the published configuration says about system credentials and providers, for functions that may read no secret.
import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import { providerProfile } from '../domain/oauth/provider-profile.ts';
import { publicProvider } from '../domain/oauth/view/public-provider.ts';
import type { PublishedConfiguration } from '../domain/ports/configuration-store.ts';
import type { ListedKeyProvider, ListedProvider, PublishedProviders } from '../domain/ports/provider-directory.ts';
import type { ProviderTemplates } from '../domain/ports/provider-templates.ts';
import type { SystemDirectory } from '../domain/ports/system-keys.ts';
import { catalogueProviders, findCatalogueProvider } from './catalogue.ts';
import { findKeyProvider, keyProviders } from './key-catalogue.ts';
import { pickVariables } from './listed-api.ts';

const catalogueEntries = (): [string, ListedProvider][] =>
  [...catalogueProviders].map(([provider, record]) => [
    provider,
    { ...publicProvider(provider, providerProfile(provider, record)), configured: false },
  ]);

const listedKeys: readonly ListedKeyProvider[] = [...keyProviders].map(([provider, known]) => {
  const { displayName, type = 'api_key', templateVariables, verification } = known;
  return { provider, displayName, type, templateVariables, verifiable: verification !== undefined };
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
    keyProviders: () => listedKeys,
    findVariables: async (provider) => {
      const configured = (await read())?.providers.find((known) => known.provider === provider);
      const own = (configured ?? findCatalogueProvider(provider))?.templateVariables;
      return pickVariables(own, findKeyProvider(provider)?.templateVariables);
    },
  };
};
