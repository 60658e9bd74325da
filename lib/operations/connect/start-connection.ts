// Starts an OAuth connection: the authorization URL for the browser, and a state that only the same user can complete.

import type { LinkUse } from '../../domain/link/connect-link.ts';
import type { ConnectionPayload } from '../../domain/oauth/connection-state.ts';
import { callbackParameters } from '../../domain/oauth/kept/callback-parameters.ts';
import { codeChallenge, newCodeVerifier } from '../../domain/oauth/pkce.ts';
import { isAllowedCallbackUrl, isAllowedReturnUrl } from '../../domain/oauth/redirect-url.ts';
import { requestedScopes } from '../../domain/oauth/requested-scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CALLBACK_PATH } from '../../platform.ts';
import { createState } from '../../steps/connect/create-state.ts';
import { readUpgradeTarget } from '../../steps/connect/upgrade-target.ts';
import { findClient } from '../../steps/credential/find-client.ts';

/** `variables` fill the URL templates of the provider's record; `metadata` is kept with the credential. */
export interface StartConnection {
  userId: string;
  provider: string;
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

type StartDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauthStarts' | 'redirects' | 'clock' | 'random' | 'limits'
>;

/** Throws `url_not_allowed`. */
const assertUrls = ({ redirects }: StartDeps, { returnUrl, callbackUrl }: StartConnection): void => {
  const returnOk = returnUrl === undefined || isAllowedReturnUrl(returnUrl, redirects);
  const callbackOk = callbackUrl === undefined || isAllowedCallbackUrl(callbackUrl, redirects.allowedCallbackUrls);
  if (!returnOk || !callbackOk) throw new ServiceError('url_not_allowed');
};

const storedScopes = async (deps: StartDeps, { userId, provider, credentialId }: StartConnection) => {
  if (credentialId === undefined) return [];
  const target = await readUpgradeTarget(deps, { userId, provider, credentialId });
  return target.credential.scopes ?? [];
};

const buildPayload = (
  deps: StartDeps,
  request: StartConnection,
  { wanted, client }: { wanted: string[]; client: OAuthClient },
): ConnectionPayload => ({
  scopes: wanted,
  variables: request.variables ?? {},
  credentialId: request.credentialId ?? null,
  metadata: request.metadata ?? null,
  codeVerifier: newCodeVerifier(deps.random.bytes),
  redirectUri: request.callbackUrl ?? `${deps.redirects.publicBaseUrl}${CALLBACK_PATH}`,
  ownCallback: request.callbackUrl !== undefined,
  returnUrl: request.returnUrl ?? null,
  ...callbackParameters(client.profile),
});

const toChallenge = ({ profile }: OAuthClient, codeVerifier: string): string | null =>
  profile.sendPkce ? codeChallenge(codeVerifier) : null;

/**
 * Creates the state and the authorization URL. Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a
 * template variable), `url_not_allowed`, `credential_not_found`, `not_upgradable`, `too_many_open_states`, `user_erasing`,
 * `secrets_unavailable`.
 */
export const startConnection = async (deps: StartDeps, request: StartConnection): Promise<StartedConnection> => {
  const { userId, provider } = request;
  const client = await findClient(deps, { provider, variables: request.variables ?? {} });
  assertUrls(deps, request);
  const { wanted, requested } = requestedScopes(client.profile, request.scopes, await storedScopes(deps, request));
  const document = buildPayload(deps, request, { wanted, client });
  const flow = { userId, provider, kind: 'connection', document, link: request.link } as const;
  const { token: state, expiresAt } = await createState(deps, flow);
  const { redirectUri, codeVerifier } = document;
  const authorization = { state, redirectUri, scopes: requested, codeChallenge: toChallenge(client, codeVerifier) };
  return { state, authorizationUrl: deps.oauthStarts.authorizationUrl(client, authorization), expiresAt };
};
