// The ProviderDirectory port on Secrets Manager: the operator's clients, over the reviewed catalogue. An invalid entry is skipped
// and named in the log; the other entries stay usable.
import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import { OperatorProvider, ProviderRecord } from '../../domain/oauth/provider-record.ts';
import type { KnownProvider, ProviderDirectory } from '../../domain/ports/provider-directory.ts';
import { Secret } from '../../domain/values/secret.ts';
import { findCatalogueProvider } from '../../providers/catalogue.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';

/** Whether an endpoint may be called: public https, or loopback locally. */
export type EndpointPolicy = (url: string) => boolean;

/** Replaces placeholders, each of which stands for one label or path segment. */
const fillSample = (endpoint: string) => endpoint.replace(/\{\w+\}/g, 'x');

const listEndpoints = (record: ProviderRecord): string[] =>
  Object.entries(record).flatMap(([name, value]) =>
    name.endsWith('Endpoint') && typeof value === 'string' ? [value] : [],
  );

const readEntry = (provider: string, entry: unknown, allows: EndpointPolicy): KnownProvider | null => {
  const parsed = OperatorProvider.safeParse(entry);
  if (!parsed.success) return null;
  const { clientId, clientSecret, ...overrides } = parsed.data;
  const record = ProviderRecord.safeParse({ ...findCatalogueProvider(provider), ...overrides });
  if (!record.success || !listEndpoints(record.data).every((endpoint) => allows(fillSample(endpoint)))) return null;
  const secret = clientSecret === undefined ? null : new Secret(clientSecret);
  return { provider, profile: providerProfile(provider, record.data), client: { clientId, clientSecret: secret } };
};

/** Reads the `oauth-clients` secret, cached. `allows` checks every endpoint of an entry. */
export const secretsManagerProviders = (
  source: SecretSource,
  allows: EndpointPolicy,
  observers: Observers,
): ProviderDirectory => {
  const read = jsonSecret(
    source,
    (document) => {
      const entries = Object.entries(document).map(([name, entry]) => [name, readEntry(name, entry, allows)] as const);
      const skipped = entries.filter(([, provider]) => provider === null).map(([name]) => name);
      if (skipped.length > 0) observers.log.warn('invalid provider entries skipped', { providers: skipped });
      return new Map(entries.flatMap(([name, provider]) => (provider === null ? [] : [[name, provider] as const])));
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
