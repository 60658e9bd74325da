// The OAuth client of a server that was found by URL, made from what is sealed with the grant alone: no record, no cache and nothing
// discovered later has a part in it.
import { type ClientKeys, pickClientKeys } from '../oauth/client/client-keys.ts';
import { type ProviderProfile, providerProfile } from '../oauth/provider-profile.ts';
import { type GrantServer, MCP_PROVIDER } from './grant-server.ts';

const serverProfile = (server: GrantServer): ProviderProfile => ({
  ...providerProfile(MCP_PROVIDER, {
    displayName: 'MCP server',
    authorizationEndpoint: server.authorizationEndpoint,
    tokenEndpoint: server.tokenEndpoint,
    ...(server.revocationEndpoint !== null && { revocationEndpoint: server.revocationEndpoint }),
    issuer: server.issuer,
    authorizationResponseIssParameterSupported: server.namesIssuer,
    clientAuth: server.clientAuth,
    sendPkce: true,
  }),
  resource: server.resource,
});

/** The client, ready for calls to the server: every request for a code or token names the resource, and PKCE is always used. */
export const serverClient = (server: GrantServer, keys: ClientKeys) => ({
  provider: MCP_PROVIDER,
  profile: serverProfile(server),
  ...pickClientKeys(keys),
});
