// What the published configuration says, for functions that may read no secret: cached, and the last good one while the
// table can't be read.

import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import { type ProviderProfile, providerProfile } from '../domain/oauth/provider-profile.ts';
import type { ConfigurationStore } from '../domain/ports/configuration-store.ts';
import type { ListedProvider, PublishedProviders } from '../domain/ports/provider-directory.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { SystemDirectory } from '../domain/ports/system-keys.ts';
import { catalogueProviders } from '../providers/catalogue.ts';
import { cachedValue } from './resilience/cached-value.ts';

const listed = ({ displayName, defaultScopes }: ProviderProfile) => ({ displayName, defaultScopes });

const fromCatalogue = (): [string, ListedProvider][] =>
  [...catalogueProviders].map(([provider, record]) => [
    provider,
    { ...listed(providerProfile(provider, record)), provider, configured: false },
  ]);

export const publishedConfiguration = (
  configuration: ConfigurationStore,
  { clock, maxAgeSeconds }: { clock: Clock; maxAgeSeconds: number },
): SystemDirectory & PublishedProviders => {
  const needNoKey = configuredSystemIds(new Set());
  const published = cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: maxAgeSeconds * 1000,
    clock,
  });
  return {
    configuredIds: async () => new Set([...needNoKey, ...((await published())?.systemCredentialIds ?? [])]),
    oauthProviders: async () => {
      const providers = new Map(fromCatalogue());
      for (const known of (await published())?.providers ?? []) {
        providers.set(known.provider, { ...known, configured: true });
      }
      return [...providers.values()];
    },
  };
};
