// Asks a token endpoint for a grant: one request, its reply made regular before openid-client sees it.
import { type Configuration, genericGrantRequest, refreshTokenGrant, type TokenEndpointResponse } from 'openid-client';
import { parseScopes } from '../../domain/oauth/scopes.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { CodeExchange, OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { scopeParameter } from './authorization-url.ts';
import { normalizingFetch, type ProviderAccess, providerFaultIn } from './provider-call.ts';
import { configurationOf } from './provider-configuration.ts';
import { normalizeTokenReply, type RegularTokenReply } from './replies/normalize-token-reply.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const toGrant = (reply: RegularTokenReply): TokenResponse => ({
  accessToken: reply.access_token,
  refreshToken: reply.refresh_token ?? null,
  expiresInSeconds: reply.expires_in ?? null,
  refreshTokenExpiresInSeconds: reply.refresh_token_expires_in ?? null,
  scopes: reply.scope === undefined ? null : parseScopes(reply.scope),
  account: reply.account ?? null,
});

const configured = (access: ProviderAccess, client: OAuthClient, refreshing: boolean): Configuration => {
  const { profile } = client;
  const fetch = normalizingFetch(access, {
    format: profile.tokenRequestFormat,
    normalize: (reply) => normalizeTokenReply(reply, { profile, refreshing }),
  });
  const endpoint = refreshing ? 'refreshEndpoint' : 'tokenEndpoint';
  return configurationOf(client, { endpoint, policy: access.policy, fetch });
};

const granted = async (request: () => Promise<TokenEndpointResponse>): Promise<TokenResponse> => {
  try {
    // The library hands on what the normaliser made, its own checks passed.
    return toGrant((await request()) as unknown as RegularTokenReply);
  } catch (error) {
    throw providerFaultIn(error);
  }
};

/** RFC 6749 §4.1.3. Throws ProviderFault. */
export const exchangeCode = (
  access: ProviderAccess,
  client: OAuthClient,
  exchange: CodeExchange,
): Promise<TokenResponse> =>
  granted(async () =>
    genericGrantRequest(configured(access, client, false), 'authorization_code', {
      ...client.profile.extraTokenParams,
      code: exchange.code,
      redirect_uri: exchange.redirectUri,
      ...(exchange.codeVerifier === null ? {} : { code_verifier: exchange.codeVerifier }),
    }),
  );

/** RFC 6749 §6. Throws ProviderFault. */
export const refreshGrant = (
  access: ProviderAccess,
  client: OAuthClient,
  { refreshToken, scopes }: { refreshToken: string; scopes: readonly string[] },
): Promise<TokenResponse> =>
  granted(async () =>
    refreshTokenGrant(configured(access, client, true), refreshToken, {
      ...client.profile.extraTokenParams,
      ...scopeParameter(client, scopes),
    }),
  );

/** RFC 8628 §3.4, asked once. Throws ProviderFault. */
export const deviceGrant = (access: ProviderAccess, client: OAuthClient, deviceCode: string): Promise<TokenResponse> =>
  granted(async () =>
    genericGrantRequest(configured(access, client, false), DEVICE_GRANT, {
      ...client.profile.extraTokenParams,
      device_code: deviceCode,
    }),
  );
