// The ProviderDirectory port on Secrets Manager: the operator's clients, over the reviewed catalogue. An invalid entry is skipped
// and named in the log; the other entries stay usable. No issuer is asked before its provider is used.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { type IssuerEndpoints, pickIssuerEndpoints } from '../../domain/oauth/client/issuer-endpoints.ts';
import { completeRecord, recallRecord } from '../../domain/oauth/client/issuer-record.ts';
import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';
import type { KnownProvider, ProviderDirectory } from '../../domain/ports/provider-directory.ts';
import { findCatalogueProvider } from '../../providers/catalogue.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';
import { type EndpointPolicy, type OperatorEntry, readOperatorProvider } from './operator-provider.ts';

/** What entries need. */
export interface EntryRules {
  /** Checks every endpoint and the API base URL. */
  allows: EndpointPolicy;
  /** Reads an issuer's metadata, cached. Throws `server_not_connectable`. */
  readServer: (issuer: string, options?: { pastCache: boolean }) => Promise<AuthorizationServer>;
}

const toKnown = (entry: OperatorEntry, { readServer }: EntryRules): KnownProvider => {
  const { issuerRecord, ...known } = entry;
  if (issuerRecord === undefined) return known;
  const toProfile = (record: ProviderRecord, issuerEndpoints: IssuerEndpoints) => ({
    ...providerProfile(known.provider, record),
    issuerEndpoints,
  });
  return {
    ...known,
    fromIssuer: {
      async read(options) {
        const server = await readServer(issuerRecord.issuer, options);
        return toProfile(completeRecord(issuerRecord, server, known.client), pickIssuerEndpoints(server));
      },
      recall: (endpoints) =>
        endpoints.issuer === issuerRecord.issuer
          ? toProfile(recallRecord(issuerRecord, endpoints, known.client), endpoints)
          : null,
    },
  };
};

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
        entries.flatMap(([name, provider]) => (provider === null ? [] : [[name, toKnown(provider, rules)] as const])),
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
