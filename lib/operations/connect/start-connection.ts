// Starts an OAuth connection to a provider: the authorization URL for the browser, and a state that only the same user can complete.

import { requestedScopes } from '../../domain/oauth/requested-scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import {
  assertFlowUrls,
  beginFlow,
  type FlowRequest,
  findRedirectUri,
  readStoredScopes,
  type StartedConnection,
} from '../../steps/connect/begin-flow.ts';
import { sealClientEndpoints } from '../../steps/connect/flow-endpoints.ts';
import { findClient } from '../../steps/credential/find-client.ts';

/** `variables` fill the URL templates of the provider's record. */
export interface StartConnection extends FlowRequest {
  provider: string;
}

type StartDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauthStarts' | 'redirects' | 'sealer' | 'clock' | 'random' | 'limits'
>;

/**
 * Creates the state and the authorization URL. Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a
 * template variable), `url_not_allowed`, `credential_not_found`, `not_upgradable`, `too_many_open_states`, `user_erasing`,
 * `secrets_unavailable`, `server_not_connectable`, `keys_unavailable`.
 */
export const startConnection = async (deps: StartDeps, request: StartConnection): Promise<StartedConnection> => {
  const { provider } = request;
  const client = await findClient(deps, { provider, variables: request.variables ?? {} });
  assertFlowUrls(deps, request);
  const stored = await readStoredScopes(deps, request, { provider, resource: null });
  const scopes = requestedScopes(client.profile, request.scopes, stored);
  const redirectUri = findRedirectUri(deps, request);
  const found = await sealClientEndpoints(deps, client);
  return beginFlow(deps, request, { client, scopes, redirectUri, server: null, found });
};
