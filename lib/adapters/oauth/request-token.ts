// Requests tokens from a token endpoint: one request, its reply normalized before openid-client reads it.
import { type Configuration, genericGrantRequest, refreshTokenGrant, type TokenEndpointResponse } from 'openid-client';
import { NOTHING_KEPT } from '../../domain/oauth/kept/kept-values.ts';
import { parseScopes } from '../../domain/oauth/scopes.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { CodeExchange, OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { boundScopes } from '../../domain/values/names.ts';
import { resourceParameter, scopeParameter } from './authorization-url.ts';
import { normalizingFetch, type ProviderAccess, toProviderFault } from './provider-call.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { type NormalizedTokenReply, normalizeTokenReply } from './replies/normalize-token-reply.ts';
import { withoutEcho } from './without-echo.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const toTokenResponse = (reply: NormalizedTokenReply): TokenResponse => ({
  accessToken: reply.access_token,
  refreshToken: reply.refresh_token ?? null,
  expiresInSeconds: reply.expires_in ?? null,
  refreshTokenExpiresInSeconds: reply.refresh_token_expires_in ?? null,
  scopes: reply.scope === undefined ? null : boundScopes(parseScopes(reply.scope)),
  account: reply.account ?? null,
  kept: reply.kept ?? NOTHING_KEPT,
});

const tokenConfiguration = (access: ProviderAccess, client: OAuthClient, refreshing: boolean): Configuration => {
  const { profile } = client;
  const fetch = normalizingFetch(access, {
    format: profile.tokenRequestFormat,
    normalize: (reply) =>
      normalizeTokenReply(reply, { profile, refreshing, now: access.clock.now(), policy: access.policy }),
  });
  const endpoint = refreshing ? 'refreshEndpoint' : 'tokenEndpoint';
  return providerConfiguration(client, { endpoint, policy: access.policy, fetch, clock: access.clock });
};

/** The shortest parameter of a record that may be a secret. */
const LEAST_SECRET = 16;

interface TokenRequest {
  client: OAuthClient;
  /** The code or token that the request sends, and the verifier beside a code. */
  sent: readonly string[];
}

const requestToken = async (
  { client, sent }: TokenRequest,
  send: () => Promise<TokenEndpointResponse>,
): Promise<TokenResponse> => {
  try {
    // openid-client returns the normalized reply itself, after its own checks.
    return toTokenResponse((await send()) as unknown as NormalizedTokenReply);
  } catch (error) {
    // Short parameters, such as `offline`, are words of the protocol.
    const parameters = Object.values(client.profile.extraTokenParams).filter(({ length }) => length >= LEAST_SECRET);
    const own = [client.clientSecret?.expose() ?? '', ...parameters];
    throw withoutEcho(toProviderFault(error), [...sent, ...own]);
  }
};

/** RFC 6749 §4.1.3: one request. Throws ProviderFault. */
export const exchangeCode = (
  access: ProviderAccess,
  client: OAuthClient,
  exchange: CodeExchange,
): Promise<TokenResponse> =>
  requestToken({ client, sent: [exchange.code, exchange.codeVerifier ?? ''] }, async () =>
    genericGrantRequest(tokenConfiguration(access, client, false), 'authorization_code', {
      ...client.profile.extraTokenParams,
      code: exchange.code,
      redirect_uri: exchange.redirectUri,
      ...resourceParameter(client),
      ...(exchange.codeVerifier === null ? {} : { code_verifier: exchange.codeVerifier }),
    }),
  );

/** RFC 6749 §6: one request. Throws ProviderFault. */
export const exchangeRefreshToken = (
  access: ProviderAccess,
  client: OAuthClient,
  { refreshToken, scopes }: { refreshToken: string; scopes: readonly string[] },
): Promise<TokenResponse> =>
  requestToken({ client, sent: [refreshToken] }, async () =>
    refreshTokenGrant(tokenConfiguration(access, client, true), refreshToken, {
      ...client.profile.extraTokenParams,
      ...scopeParameter(client, scopes),
      ...resourceParameter(client),
    }),
  );

/** RFC 8628 §3.4: one request. Throws ProviderFault. */
export const exchangeDeviceCode = (
  access: ProviderAccess,
  client: OAuthClient,
  deviceCode: string,
): Promise<TokenResponse> =>
  requestToken({ client, sent: [deviceCode] }, async () =>
    genericGrantRequest(tokenConfiguration(access, client, false), DEVICE_GRANT, {
      ...client.profile.extraTokenParams,
      device_code: deviceCode,
    }),
  );
