// Starts an OAuth connection to an MCP server that is known by its URL alone: finds out how it is authorized, finds or registers the
// client, and seals both into the flow. A place among the user's open states is taken before the first request, so that the limit holds
// for requests too.
import { type GrantServer, MCP_PROVIDER } from '../../domain/mcp/grant-server.ts';
import { serverClient } from '../../domain/mcp/server-client.ts';
import { chooseServerScopes } from '../../domain/mcp/server-scopes.ts';
import type { SealedEndpoints } from '../../domain/oauth/connection-state.ts';
import { requestedScopes } from '../../domain/oauth/requested-scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { DiscoveredServer } from '../../domain/ports/server-discovery.ts';
import { invalidRequest } from '../../domain/values/service-error.ts';
import {
  assertFlowUrls,
  beginFlow,
  type FlowRequest,
  findRedirectUri,
  readStoredScopes,
  type StartedConnection,
} from '../../steps/connect/begin-flow.ts';
import { takePlace } from '../../steps/connect/create-state.ts';
import { sealEndpoints } from '../../steps/connect/flow-endpoints.ts';
import { readUpgradeTarget } from '../../steps/connect/upgrade-target.ts';
import { findIssuerClient, type IssuerClient } from '../../steps/mcp/find-issuer-client.ts';

/** The URL of the server; `challenge`: the `WWW-Authenticate` value that the caller got from it. */
export interface StartServerConnection extends FlowRequest {
  mcpServerUrl: string;
  challenge?: string | undefined;
}

type StartDeps = Pick<
  Deps,
  | 'users'
  | 'states'
  | 'providers'
  | 'oauthStarts'
  | 'discovery'
  | 'issuers'
  | 'registrations'
  | 'sealer'
  | 'flights'
  | 'redirects'
  | 'clock'
  | 'random'
  | 'limits'
>;

const bindServer = (
  { server, resource }: DiscoveredServer,
  { clientAuth, source }: IssuerClient,
  redirectUri: string,
): GrantServer => ({
  issuer: server.issuer,
  authorizationEndpoint: server.authorizationEndpoint,
  tokenEndpoint: server.tokenEndpoint,
  revocationEndpoint: server.revocationEndpoint,
  clientAuth,
  client: source,
  redirectUri,
  resource,
  namesIssuer: server.namesIssuer,
});

/** Only the operator's secret needs it: that of a registered client is bound to its origins, and a document's client has none. */
const sealFound = async (deps: StartDeps, server: GrantServer): Promise<SealedEndpoints | null> => {
  if (server.client !== 'operator') return null;
  const { issuer, tokenEndpoint, revocationEndpoint, namesIssuer } = server;
  return sealEndpoints(deps, {
    endpoints: { issuer, tokenEndpoint, revocationEndpoint, clientAuthMethods: null },
    namesIssuer,
  });
};

/** No server is asked for a credential that is not there or of another provider. */
const assertTarget = async (deps: StartDeps, { userId, credentialId }: FlowRequest): Promise<void> => {
  if (credentialId !== undefined) await readUpgradeTarget(deps, { userId, credentialId, provider: MCP_PROVIDER });
};

/**
 * Creates the state and the authorization URL. Throws `url_not_allowed` (a redirect, the server's URL or its challenge),
 * `invalid_request` (variables, or more scopes than can be stored), `server_not_connectable` with `step` and `reason`,
 * `credential_not_found`, `not_upgradable` (also: of another resource), `too_many_open_states`, `user_erasing`, `secrets_unavailable`,
 * `keys_unavailable`.
 */
export const startServerConnection = async (
  deps: StartDeps,
  request: StartServerConnection,
): Promise<StartedConnection> => {
  const { userId, mcpServerUrl: url, challenge = null, link } = request;
  if (Object.keys(request.variables ?? {}).length > 0) throw invalidRequest('#/variables', 'an MCP server has none');
  assertFlowUrls(deps, request);
  await assertTarget(deps, request);
  const place = await takePlace(deps, userId, link);
  const discovered = await deps.discovery.discover({ url, challenge });
  const { resource } = discovered;
  const stored = await readStoredScopes(deps, request, { provider: MCP_PROVIDER, resource });
  const redirectUri = findRedirectUri(deps, request);
  const issuerClient = await findIssuerClient(deps, { server: discovered.server, resource, redirectUri });
  const server = bindServer(discovered, issuerClient, redirectUri);
  const client = serverClient(server, { clientId: issuerClient.clientId, clientSecret: null });
  const scopes = requestedScopes(client.profile, chooseServerScopes(discovered, request.scopes), stored);
  const sealed = { ...server, clientId: issuerClient.clientId };
  const found = await sealFound(deps, server);
  return beginFlow(deps, request, { client, scopes, redirectUri, server: sealed, place, found });
};
