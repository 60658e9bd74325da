// The door to what is known of OAuth providers: the reviewed catalogue, overridden and completed by the operator.
import type { KeyPlacement } from '../credential/sendable-fields.ts';
import type { ProviderProfile } from '../oauth/provider-profile.ts';
import type { Secret } from '../values/secret.ts';

export interface KnownProvider {
  provider: string;
  profile: ProviderProfile;
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

export interface ListedProvider {
  provider: string;
  displayName: string;
  configured: boolean;
  defaultScopes: readonly string[];
}

export interface PublishedProviders {
  /** The OAuth providers as users may know them: the catalogue's, and those the operator has configured. */
  oauthProviders(): Promise<ListedProvider[]>;
}

export interface KeyPlacements {
  /** Where the provider wants a key; undefined: as a bearer token. */
  keyPlacement(provider: string): Promise<KeyPlacement | undefined>;
}
