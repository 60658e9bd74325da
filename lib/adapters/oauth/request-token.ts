// Requests tokens from a token endpoint: one request, its reply normalized before openid-client reads it.
import { type Configuration, genericGrantRequest, refreshTokenGrant, type TokenEndpointResponse } from 'openid-client';
import { NOTHING_KEPT } from '../../domain/oauth/kept/kept-values.ts';
import { parseScopes } from '../../domain/oauth/scopes.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import { type CodeExchange, type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { boundScopes } from '../../domain/values/names.ts';
import { scopeParameter } from './authorization-url.ts';
import { normalizingFetch, type ProviderAccess, toProviderFault } from './provider-call.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { type NormalizedTokenReply, normalizeTokenReply } from './replies/normalize-token-reply.ts';

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
  return providerConfiguration(client, { endpoint, policy: access.policy, fetch });
};

/** The shortest word that can be part of a secret and is not part of one by chance. */
const LEAST_ECHO = 8;

const isEcho = (word: string, secret: string): boolean =>
  secret !== '' && (word.includes(secret) || (word.length >= LEAST_ECHO && secret.includes(word)));

/** The fault without its error word, where that repeats a secret of the request: the word may be answered and logged. */
const withoutEcho = (fault: ProviderFault, secrets: readonly string[]): ProviderFault => {
  const { kind, providerError: word } = fault;
  if (word === null || !secrets.some((secret) => isEcho(word, secret))) return fault;
  return new ProviderFault(kind, { ...fault, providerError: null });
};

interface TokenRequest {
  client: OAuthClient;
  /** The code or token that the request sends. */
  grant: string;
}

const requestToken = async (
  { client, grant }: TokenRequest,
  send: () => Promise<TokenEndpointResponse>,
): Promise<TokenResponse> => {
  try {
    // openid-client returns the normalized reply itself, after its own checks.
    return toTokenResponse((await send()) as unknown as NormalizedTokenReply);
  } catch (error) {
    throw withoutEcho(toProviderFault(error), [grant, client.clientSecret?.expose() ?? '']);
  }
};

/** RFC 6749 §4.1.3: one request. Throws ProviderFault. */
export const exchangeCode = (
  access: ProviderAccess,
  client: OAuthClient,
  exchange: CodeExchange,
): Promise<TokenResponse> =>
  requestToken({ client, grant: exchange.code }, async () =>
    genericGrantRequest(tokenConfiguration(access, client, false), 'authorization_code', {
      ...client.profile.extraTokenParams,
      code: exchange.code,
      redirect_uri: exchange.redirectUri,
      ...(exchange.codeVerifier === null ? {} : { code_verifier: exchange.codeVerifier }),
    }),
  );

/** RFC 6749 §6: one request. Throws ProviderFault. */
export const exchangeRefreshToken = (
  access: ProviderAccess,
  client: OAuthClient,
  { refreshToken, scopes }: { refreshToken: string; scopes: readonly string[] },
): Promise<TokenResponse> =>
  requestToken({ client, grant: refreshToken }, async () =>
    refreshTokenGrant(tokenConfiguration(access, client, true), refreshToken, {
      ...client.profile.extraTokenParams,
      ...scopeParameter(client, scopes),
    }),
  );

/** RFC 8628 §3.4: one request. Throws ProviderFault. */
export const exchangeDeviceCode = (
  access: ProviderAccess,
  client: OAuthClient,
  deviceCode: string,
): Promise<TokenResponse> =>
  requestToken({ client, grant: deviceCode }, async () =>
    genericGrantRequest(tokenConfiguration(access, client, false), DEVICE_GRANT, {
      ...client.profile.extraTokenParams,
      device_code: deviceCode,
    }),
  );
