// A server of MCP revision 2025-03-26, which has no protected-resource metadata: its origin is the authorization server, with metadata
// or, failing that, with endpoints at fixed paths.
import type { AuthorizationServer } from '../authorization-server.ts';

/** The issuers that its metadata may name. No issuer was given, and the two spellings have their metadata at one place. */
export const listOriginIssuers = (url: string): readonly [string, string] => {
  const { origin } = new URL(url);
  return [origin, `${origin}/`];
};

/** The server without metadata (revision 2025-03-26, "Fallbacks for Servers without Metadata Discovery"). PKCE is required of it. */
export const defaultServer = (url: string): AuthorizationServer => {
  const [issuer] = listOriginIssuers(url);
  return {
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    revocationEndpoint: null,
    deviceAuthorizationEndpoint: null,
    registrationEndpoint: `${issuer}/register`,
    clientAuthMethods: null,
    acceptsMetadataDocuments: false,
    namesIssuer: false,
    offersPkce: true,
    scopesSupported: null,
    grantTypes: null,
  };
};
