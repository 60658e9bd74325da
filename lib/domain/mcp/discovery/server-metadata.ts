// Authorization-server metadata (RFC 8414 §2; OpenID Connect Discovery §3) and its checks. No part of a document is used before all
// checks have passed.
import * as z from 'zod';
import { checkOutboundUrl, type OutboundPolicy } from '../../values/outbound-url.ts';
import type { AuthorizationServer } from '../authorization-server.ts';
import { type NotConnectableReason, notConnectable } from '../not-connectable.ts';
import { Flag, ScopeList, UrlText, WordList } from './metadata-fields.ts';

const endpoint = UrlText.nullish().transform((url) => url ?? null);

/** The document. Members that connecting does not use are dropped. */
export const ServerMetadata = z.object({
  issuer: UrlText,
  authorization_endpoint: UrlText,
  token_endpoint: UrlText,
  revocation_endpoint: endpoint,
  device_authorization_endpoint: endpoint,
  registration_endpoint: endpoint,
  response_types_supported: WordList,
  grant_types_supported: WordList,
  token_endpoint_auth_methods_supported: WordList,
  code_challenge_methods_supported: WordList,
  scopes_supported: ScopeList,
  client_id_metadata_document_supported: Flag,
  authorization_response_iss_parameter_supported: Flag,
});
type ServerMetadata = z.infer<typeof ServerMetadata>;

/** What a document is checked against. */
export interface ExpectedServer {
  /** The issuer must be one of them, character by character. More than one only where none was named. */
  issuers: readonly string[];
  policy: OutboundPolicy;
  /** Whether PKCE may be left out of the metadata: the operator names the server, and vouches for it. Default: it must be listed. */
  mayOmitPkce?: boolean | undefined;
}

/** The browser opens the first; the service calls the others. */
const listEndpoints = (metadata: ServerMetadata): string[] =>
  [
    metadata.authorization_endpoint,
    metadata.token_endpoint,
    metadata.revocation_endpoint,
    metadata.device_authorization_endpoint,
    metadata.registration_endpoint,
  ].filter((url) => url !== null);

/** A list that is left out allows the code flow (RFC 8414 §2). */
const offersCodeFlow = ({ response_types_supported: types, grant_types_supported: grants }: ServerMetadata): boolean =>
  (types === null || types.includes('code')) && (grants === null || grants.includes('authorization_code'));

/**
 * By the metadata, a server that leaves the list out does not support PKCE (MCP authorization, "Authorization Code Protection"); some
 * providers do, and list nothing. A list without S256 is always a refusal.
 */
const offersPkce = (
  { code_challenge_methods_supported: methods }: ServerMetadata,
  { mayOmitPkce = false }: ExpectedServer,
): boolean => (methods === null ? mayOmitPkce : methods.includes('S256'));

const findFault = (metadata: ServerMetadata, expected: ExpectedServer): NotConnectableReason | null => {
  const { issuers, policy } = expected;
  if (!issuers.includes(metadata.issuer)) return 'issuer_mismatch';
  if (listEndpoints(metadata).some((url) => checkOutboundUrl(url, policy) === null)) return 'url_not_allowed';
  if (!offersPkce(metadata, expected)) return 'pkce_unsupported';
  return offersCodeFlow(metadata) ? null : 'code_flow_unsupported';
};

/**
 * Checks the document. Throws `server_not_connectable` (`invalid_metadata`, `issuer_mismatch`, `url_not_allowed`, `pkce_unsupported`,
 * `code_flow_unsupported`).
 */
export const checkServerMetadata = (document: unknown, expected: ExpectedServer): AuthorizationServer => {
  const { data } = ServerMetadata.safeParse(document);
  const fault = data ? findFault(data, expected) : 'invalid_metadata';
  if (!data || fault !== null) throw notConnectable('authorization_server_metadata', fault ?? 'invalid_metadata');
  return {
    issuer: data.issuer,
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    revocationEndpoint: data.revocation_endpoint,
    deviceAuthorizationEndpoint: data.device_authorization_endpoint,
    registrationEndpoint: data.registration_endpoint,
    clientAuthMethods: data.token_endpoint_auth_methods_supported,
    acceptsMetadataDocuments: data.client_id_metadata_document_supported,
    namesIssuer: data.authorization_response_iss_parameter_supported,
    offersPkce: data.code_challenge_methods_supported !== null,
    scopesSupported: data.scopes_supported,
    grantTypes: data.grant_types_supported,
  };
};
