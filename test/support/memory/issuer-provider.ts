// A configured provider that the operator names by its issuer, whose metadata a test makes available or not.

import { notConnectable } from '../../../lib/domain/mcp/not-connectable.ts';
import { type IssuerRecord, recallRecord, toUnreadRecord } from '../../../lib/domain/oauth/client/issuer-record.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { KnownProvider } from '../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';
import { CLIENT_SECRET, knownProvider } from './memory-oauth.ts';

export interface IssuerProvider {
  known: KnownProvider;
  /** Whether the issuer answers. */
  isUp: boolean;
  /** What its metadata adds. */
  metadata: Partial<ProviderRecord>;
  /** How often it was read, and how often of these past the cache. */
  reads: { all: number; pastCache: number };
}

const KEYS = { clientId: 'client-1', clientSecret: new Secret(CLIENT_SECRET) };

/** The provider acme. Its endpoints are those of `knownProvider`. */
export const issuerProvider = (record: Partial<IssuerRecord> = {}): IssuerProvider => {
  const own = { issuer: 'https://acme.example', ...record };
  const unread = knownProvider(toUnreadRecord(own));
  const provider: IssuerProvider = {
    known: {
      ...unread,
      fromIssuer: {
        read: async (options) => {
          provider.reads.all += 1;
          if (options?.pastCache) provider.reads.pastCache += 1;
          if (!provider.isUp) throw notConnectable('authorization_server_metadata', 'unreachable');
          const { profile } = knownProvider({ ...provider.metadata, ...own });
          const { tokenEndpoint, revocationEndpoint } = profile;
          const issuerEndpoints = { issuer: own.issuer, tokenEndpoint, revocationEndpoint, clientAuthMethods: null };
          return { ...profile, issuerEndpoints };
        },
        recall: (issuerEndpoints) =>
          issuerEndpoints.issuer === own.issuer
            ? { ...knownProvider(recallRecord(own, issuerEndpoints, KEYS)).profile, issuerEndpoints }
            : null,
      },
    },
    isUp: true,
    metadata: {},
    reads: { all: 0, pastCache: 0 },
  };
  return provider;
};
