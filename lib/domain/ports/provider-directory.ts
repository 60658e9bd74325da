// The door to what is known of OAuth providers: the reviewed catalogue, overridden and completed by the operator.
import type { ProviderRecord } from '../oauth/provider-record.ts';
import type { Secret } from '../values/secret.ts';

export interface KnownProvider {
  provider: string;
  record: ProviderRecord;
  /** null: known, but the operator has no client there. */
  client: { clientId: string; clientSecret: Secret<string> | null } | null;
}

export interface ProviderDirectory {
  /** undefined: unknown. Throws `secrets_unavailable`. */
  find(provider: string): Promise<KnownProvider | undefined>;
  /** As `find`, past the cache: for a client that the provider did not take, which may have been rotated. */
  findPastCache(provider: string): Promise<KnownProvider | undefined>;
  /** Those the operator has configured. Throws `secrets_unavailable`. */
  listConfigured(): Promise<KnownProvider[]>;
}
