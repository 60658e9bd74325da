// An authorization server as its metadata describes it (RFC 8414, OpenID Connect Discovery), after every check: the issuer is the
// one that was asked for, each URL may be called, and PKCE with S256 is not excluded.
import * as z from 'zod';

const url = z.string().min(1).max(2048);
const list = z.array(z.string()).nullable();

/** What connecting and refreshing need of the metadata. Also the form in which it is cached. */
export const AuthorizationServer = z.object({
  /** Compared exactly, also with the `iss` of a callback (RFC 9207). */
  issuer: url,
  authorizationEndpoint: url,
  tokenEndpoint: url,
  /** null: tokens cannot be revoked. */
  revocationEndpoint: url.nullable(),
  /** null: no device flow (RFC 8628 §4). */
  deviceAuthorizationEndpoint: url.nullable(),
  /** null: no dynamic registration (RFC 7591). */
  registrationEndpoint: url.nullable(),
  /** null: the metadata lists none, which means `client_secret_basic` (RFC 8414 §2). */
  clientAuthMethods: list,
  /** Whether a client may be named by the URL of its metadata document. */
  acceptsMetadataDocuments: z.boolean(),
  /** Whether every callback names the issuer (RFC 9207 §3). */
  namesIssuer: z.boolean(),
  /** Whether S256 is listed (RFC 7636 §4.2). */
  offersPkce: z.boolean(),
  /** null: not listed. */
  scopesSupported: list,
  /** null: not listed. */
  grantTypes: list,
});
export type AuthorizationServer = z.infer<typeof AuthorizationServer>;

/** Where a client at an issuer comes from: the operator's entry, this deployment's metadata document, or a registration (RFC 7591). */
export type ClientSource = 'operator' | 'document' | 'registered';
