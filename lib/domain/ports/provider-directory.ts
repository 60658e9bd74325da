// Ports to the OAuth providers: the reviewed catalogue, overridden and extended by the operator.
import type { CredentialType } from '../credential/credential.ts';
import type { KeyPlacement } from '../credential/sendable-fields.ts';
import type { ApiAddress } from '../oauth/api-address.ts';
import type { ClientKeys } from '../oauth/client/client-keys.ts';
import type { IssuerEndpoints } from '../oauth/client/issuer-endpoints.ts';
import type { ProviderProfile } from '../oauth/provider-profile.ts';
import type { ScopeRules } from '../oauth/rules/scope-rules.ts';
import type { TemplateVariables } from '../oauth/url-template.ts';
import type { PublicProvider } from '../oauth/view/public-provider.ts';
import type { CheckCall } from './provider-api.ts';

/** The whole profile of a provider that the operator names by its issuer. */
export interface IssuerProfiles {
  /** By the issuer's metadata, cached. Throws `server_not_connectable`. */
  read: (options?: { pastCache: boolean }) => Promise<ProviderProfile>;
  /** By what a grant keeps of the metadata, without asking; null: it is another issuer's. */
  recall: (endpoints: IssuerEndpoints) => ProviderProfile | null;
}

/**
 * Which MCP servers are connected with the operator's client, of those whose authorization server is the provider's issuer: the
 * server gets the user's tokens of that provider. By default those at the hosts of the provider's API, and at an issuer of the
 * operator's own all.
 */
export type LentTo = 'api_hosts' | 'all_servers' | 'no_server';

/** A provider in the catalogue or in the operator's configuration. */
export interface KnownProvider {
  provider: string;
  profile: ProviderProfile;
  /** null: the operator has configured no client. `olderClients`: for the grants that were issued to them; absent: none. */
  client: (ClientKeys & { olderClients?: readonly ClientKeys[] }) | null;
  /** Absent: `api_hosts`. */
  lentTo?: LentTo;
  /** Present where the operator names only the issuer: `profile` has no endpoints yet. */
  fromIssuer?: IssuerProfiles;
}

/** Reads providers with the operator's clients; for functions that may read secrets. */
export interface ProviderDirectory {
  /** undefined: unknown. Throws `secrets_unavailable`. */
  find(provider: string): Promise<KnownProvider | undefined>;
  /** Like `find`, past the cache. For a client that the provider refused, whose secret may have been rotated. */
  findPastCache(provider: string): Promise<KnownProvider | undefined>;
  /** The providers that the operator has configured. Throws `secrets_unavailable`. */
  listConfigured(): Promise<KnownProvider[]>;
}

/** What users may know of a provider, and whether the operator has a client for it. */
export interface ListedProvider extends PublicProvider {
  configured: boolean;
}

/** What users may know of a provider whose keys or passwords people hold. */
export interface ListedKeyProvider {
  provider: string;
  displayName: string;
  type: CredentialType;
  /** Absent: its URLs have none. */
  templateVariables?: TemplateVariables | undefined;
  verifiable: boolean;
}

/** Lists providers without reading a secret. */
export interface PublishedProviders {
  /** The catalogue's providers and those that the operator has configured, each once. */
  oauthProviders(): Promise<ListedProvider[]>;
  /** The providers of keys that the catalogue lists, each once. */
  keyProviders(): readonly ListedKeyProvider[];
}

/** Tells which providers there are, for functions that may read secrets. */
export interface KnownProviders {
  /** Whether the list of providers has it. Throws `secrets_unavailable`. */
  isKnown(provider: string): Promise<boolean>;
}

/** Asks for the address of a provider's API, for one credential. */
export interface ApiAddressRequest {
  provider: string;
  type: CredentialType;
  /** Of the credential: its values fill the placeholders. */
  data: Readonly<Record<string, string>>;
  /** A URL is compared with the answer, so the operator's entry must be read. Otherwise the catalogue can stand in for it. */
  isBinding: boolean;
}

/** Where the APIs of providers are. */
export interface ApiAddresses {
  /** null: not known, so keys and tokens may be sent anywhere. Throws `secrets_unavailable` when the request is binding. */
  findAddress(request: ApiAddressRequest): Promise<ApiAddress | null>;
}

/** How the scopes of providers relate. */
export interface ScopeRulesDirectory {
  /** The catalogue's while the operator's entries can't be read; the defaults for a provider without a record. */
  find(provider: string): Promise<ScopeRules>;
}

/** Where providers expect keys and tokens. */
export interface KeyPlacements {
  /**
   * Of an API key, or of an OAuth token; undefined: `authorization: Bearer`. `type`: of the credential; null: it cannot be read.
   */
  keyPlacement(provider: string, type: CredentialType | null): Promise<KeyPlacement | undefined>;
}

/** Asks how to check one credential. */
export type CredentialCheckRequest = Omit<ApiAddressRequest, 'isBinding'>;

/** How credentials can be checked. */
export interface CredentialChecks {
  /** The call, without the secret; null: none is known, or a variable is missing. Throws `secrets_unavailable`. */
  findCheck(request: CredentialCheckRequest): Promise<CheckCall | null>;
}
