// The ProviderDirectory port on Secrets Manager: the operator's clients, over the reviewed catalogue. An invalid entry is skipped
// and named in the log; the other entries stay usable. No issuer is asked before its provider is used.
import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import type { KnownProvider, ProviderDirectory } from '../../domain/ports/provider-directory.ts';
import { findCatalogueProvider } from '../../providers/catalogue.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';
import { type EndpointPolicy, readOperatorProvider } from './operator-provider.ts';
import { type ReadServer, toKnownProvider } from './to-known-provider.ts';

/** What entries need. */
export interface EntryRules {
  /** Checks every endpoint and the API base URL. */
  allows: EndpointPolicy;
  /** null: the function calls no provider. */
  readServer: ReadServer | null;
}

/** Reads the `oauth-clients` secret, cached. */
export const secretsManagerProviders = (
  source: SecretSource,
  rules: EntryRules,
  observers: Observers,
): ProviderDirectory => {
  const read = jsonSecret(
    source,
    (document) => {
      const entries = Object.entries(document).map(
        ([name, entry]) => [name, readOperatorProvider(name, entry, rules.allows)] as const,
      );
      const skipped = entries.filter(([, provider]) => provider === null).map(([name]) => name);
      if (skipped.length > 0) observers.log.warn('invalid provider entries skipped', { providers: skipped });
      return new Map(
        entries.flatMap(([name, provider]) =>
          provider === null ? [] : [[name, toKnownProvider(provider, rules.readServer)] as const],
        ),
      );
    },
    observers,
  );
  const find = async (provider: string, pastCache: boolean): Promise<KnownProvider | undefined> => {
    const configured = (await read({ pastCache })).get(provider);
    if (configured) return configured;
    const record = findCatalogueProvider(provider);
    return record && { provider, profile: providerProfile(provider, record), client: null };
  };
  return {
    find: (provider) => find(provider, false),
    findPastCache: (provider) => find(provider, true),
    listConfigured: async () => [...(await read()).values()],
  };
};
