// Begins an OAuth flow in a browser: the checks of its URLs, the state with the sealed request, and the authorization URL. What is
// connected, a provider or an MCP server, is decided before.
import type { LinkUse } from '../../domain/link/connect-link.ts';
import type { ConnectionPayload } from '../../domain/oauth/connection-state.ts';
import { callbackParameters } from '../../domain/oauth/kept/callback-parameters.ts';
import type { Place } from '../../domain/oauth/oauth-state.ts';
import { codeChallenge, newCodeVerifier } from '../../domain/oauth/pkce.ts';
import { isAllowedCallbackUrl, isAllowedReturnUrl } from '../../domain/oauth/redirect-url.ts';
import type { RequestedScopes } from '../../domain/oauth/requested-scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CALLBACK_PATH } from '../../platform.ts';
import { createState } from './create-state.ts';
import { readUpgradeTarget } from './upgrade-target.ts';

/** What every request that starts a connection may say. `metadata` is kept with the credential. */
export interface FlowRequest {
  userId: string;
  scopes?: readonly string[] | undefined;
  /** The credential to reconnect or to give more scopes. */
  credentialId?: string | undefined;
  /** Where the browser goes after the service's callback. */
  returnUrl?: string | undefined;
  /** The application's own redirect URI, instead of the service's. */
  callbackUrl?: string | undefined;
  metadata?: JsonObject | undefined;
  variables?: Record<string, string> | undefined;
  /** The link that the request came by: the flow completes by it alone. */
  link?: LinkUse | undefined;
}

/** `expiresAt` in epoch milliseconds. */
export interface StartedConnection {
  state: string;
  authorizationUrl: string;
  expiresAt: number;
}

/** What a flow is begun with. */
export interface FlowToBegin {
  client: OAuthClient;
  scopes: RequestedScopes;
  redirectUri: string;
  /** null: a provider is connected. */
  server: ConnectionPayload['server'];
  /** What was found of the issuer; null: nothing, or no secret of the operator's goes there. */
  found: ConnectionPayload['found'];
  /** The place among the user's open states, when it was taken before. */
  place?: Place;
}

type BeginDeps = Pick<Deps, 'users' | 'states' | 'oauthStarts' | 'clock' | 'random' | 'limits'>;

/** Throws `url_not_allowed`. */
export const assertFlowUrls = (
  { redirects }: Pick<Deps, 'redirects'>,
  { returnUrl, callbackUrl }: Pick<FlowRequest, 'returnUrl' | 'callbackUrl'>,
): void => {
  const returnOk = returnUrl === undefined || isAllowedReturnUrl(returnUrl, redirects);
  const callbackOk = callbackUrl === undefined || isAllowedCallbackUrl(callbackUrl, redirects.allowedCallbackUrls);
  if (!returnOk || !callbackOk) throw new ServiceError('url_not_allowed');
};

/** Where the provider redirects to: the application's own page, or the callback of the service. */
export const findRedirectUri = (
  { redirects }: Pick<Deps, 'redirects'>,
  { callbackUrl }: Pick<FlowRequest, 'callbackUrl'>,
): string => callbackUrl ?? `${redirects.publicBaseUrl}${CALLBACK_PATH}`;

/**
 * The scopes of the credential that is reconnected; none for a new one. `resource`: of the MCP server that is connected; null: none.
 * Throws `credential_not_found`, `not_upgradable`.
 */
export const readStoredScopes = async (
  deps: Pick<Deps, 'users'>,
  { userId, credentialId }: FlowRequest,
  connected: { provider: string; resource: string | null },
): Promise<readonly string[]> => {
  if (credentialId === undefined) return [];
  const target = await readUpgradeTarget(deps, { userId, credentialId, ...connected });
  return target.credential.scopes ?? [];
};

const buildPayload = (
  { random }: BeginDeps,
  request: FlowRequest,
  { client, scopes, redirectUri, server, found }: FlowToBegin,
): ConnectionPayload => ({
  scopes: scopes.wanted,
  variables: request.variables ?? {},
  credentialId: request.credentialId ?? null,
  metadata: request.metadata ?? null,
  codeVerifier: newCodeVerifier(random.bytes),
  redirectUri,
  ownCallback: request.callbackUrl !== undefined,
  returnUrl: request.returnUrl ?? null,
  server,
  found,
  ...callbackParameters(client.profile),
});

const toChallenge = ({ profile }: OAuthClient, codeVerifier: string): string | null =>
  profile.sendPkce ? codeChallenge(codeVerifier) : null;

/** Creates the state and the authorization URL. Throws `too_many_open_states`, `user_erasing`. */
export const beginFlow = async (
  deps: BeginDeps,
  request: FlowRequest,
  flow: FlowToBegin,
): Promise<StartedConnection> => {
  const { client, scopes, redirectUri, place } = flow;
  const document = buildPayload(deps, request, flow);
  const { token: state, expiresAt } = await createState(deps, {
    userId: request.userId,
    provider: client.provider,
    kind: 'connection',
    document,
    link: request.link,
    ...(place && { place }),
  });
  const challenge = toChallenge(client, document.codeVerifier);
  const authorization = { state, redirectUri, scopes: scopes.requested, codeChallenge: challenge };
  return { state, authorizationUrl: deps.oauthStarts.authorizationUrl(client, authorization), expiresAt };
};
