// An authorization server as its metadata describes it (RFC 8414, OpenID Connect Discovery), after every check: the issuer is the
// one that was asked for, each URL may be called, and PKCE with S256 is offered.

/** What connecting and refreshing need of the metadata. */
export interface AuthorizationServer {
  /** Compared exactly, also with the `iss` of a callback (RFC 9207). */
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** null: tokens cannot be revoked. */
  revocationEndpoint: string | null;
  /** null: no dynamic registration (RFC 7591). */
  registrationEndpoint: string | null;
  /** null: the metadata lists none, which means `client_secret_basic` (RFC 8414 §2). */
  clientAuthMethods: readonly string[] | null;
  /** Whether a client may be named by the URL of its metadata document. */
  acceptsMetadataDocuments: boolean;
  /** Whether every callback names the issuer (RFC 9207 §3). */
  namesIssuer: boolean;
  /** null: not listed. */
  scopesSupported: readonly string[] | null;
  /** null: not listed. */
  grantTypes: readonly string[] | null;
}

/** The hop at which a server turned out not to be connectable. */
export type DiscoveryStep = 'challenge' | 'resource_metadata' | 'authorization_server_metadata' | 'registration';

/** Where a client at an issuer comes from: the operator's entry, this deployment's metadata document, or a registration (RFC 7591). */
export type ClientSource = 'operator' | 'document' | 'registered';
