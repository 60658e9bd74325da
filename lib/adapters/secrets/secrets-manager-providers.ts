// The OAuth providers as the operator has them: its clients, over the reviewed catalogue. An entry that can't be used is left
// out, named in the log, and spoils no other.

import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import { OperatorProvider, ProviderRecord } from '../../domain/oauth/provider-record.ts';
import type { KnownProvider, ProviderDirectory } from '../../domain/ports/provider-directory.ts';
import { Secret } from '../../domain/values/secret.ts';
import { findCatalogueProvider } from '../../providers/catalogue.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';

/** Says whether an endpoint may be called: https and public, or loopback on a laptop. */
export type EndpointPolicy = (url: string) => boolean;

/** Template places stand for one label or path segment. */
const sample = (endpoint: string) => endpoint.replace(/\{\w+\}/g, 'x');

const endpointsOf = (record: ProviderRecord): string[] =>
  Object.entries(record).flatMap(([name, value]) =>
    name.endsWith('Endpoint') && typeof value === 'string' ? [value] : [],
  );

const readEntry = (provider: string, entry: unknown, allows: EndpointPolicy): KnownProvider | null => {
  const own = OperatorProvider.safeParse(entry);
  if (!own.success) return null;
  const { clientId, clientSecret, ...overrides } = own.data;
  const record = ProviderRecord.safeParse({ ...findCatalogueProvider(provider), ...overrides });
  if (!record.success || !endpointsOf(record.data).every((endpoint) => allows(sample(endpoint)))) return null;
  const secret = clientSecret === undefined ? null : new Secret(clientSecret);
  return { provider, profile: providerProfile(provider, record.data), client: { clientId, clientSecret: secret } };
};

export const secretsManagerProviders = (
  source: SecretSource,
  allows: EndpointPolicy,
  observers: Observers,
): ProviderDirectory => {
  const read = jsonSecret(
    source,
    (document) => {
      const known = Object.entries(document).map(([name, entry]) => [name, readEntry(name, entry, allows)] as const);
      const broken = known.filter(([, provider]) => provider === null).map(([name]) => name);
      if (broken.length > 0) observers.log.warn('providers that cannot be used are left out', { providers: broken });
      return new Map(known.flatMap(([name, provider]) => (provider === null ? [] : [[name, provider] as const])));
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
