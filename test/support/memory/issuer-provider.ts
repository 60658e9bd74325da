// A configured provider that the operator names by its issuer, whose metadata a test makes available or not.

import { notConnectable } from '../../../lib/domain/mcp/not-connectable.ts';
import { type IssuerRecord, toUnreadRecord } from '../../../lib/domain/oauth/client/issuer-record.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { KnownProvider } from '../../../lib/domain/ports/provider-directory.ts';
import { knownProvider } from './memory-oauth.ts';

export interface IssuerProvider {
  known: KnownProvider;
  /** Whether the issuer answers. */
  isUp: boolean;
  /** What its metadata adds. */
  metadata: Partial<ProviderRecord>;
  /** How often it was read, and how often of these past the cache. */
  reads: { all: number; pastCache: number };
}

/** The provider acme. Its endpoints are those of `knownProvider`. */
export const issuerProvider = (record: Partial<IssuerRecord> = {}): IssuerProvider => {
  const unread = toUnreadRecord({ issuer: 'https://acme.example', ...record });
  const provider: IssuerProvider = {
    known: {
      ...knownProvider(unread),
      readProfile: async (options) => {
        provider.reads.all += 1;
        if (options?.pastCache) provider.reads.pastCache += 1;
        if (!provider.isUp) throw notConnectable('authorization_server_metadata', 'unreachable');
        const { authorizationEndpoint: _, tokenEndpoint: __, ...own } = unread;
        return knownProvider({ ...provider.metadata, ...own }).profile;
      },
    },
    isUp: true,
    metadata: {},
    reads: { all: 0, pastCache: 0 },
  };
  return provider;
};
