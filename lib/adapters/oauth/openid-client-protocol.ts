// The OAuthProtocol port, implemented with openid-client: one HTTP request per call, through a fetch that checks addresses and
// normalizes replies. Id tokens never reach the library: accounts come from the identity endpoint.
import { keepCallback } from '../../domain/oauth/kept/kept-values.ts';
import type { OAuthProtocol } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type GuardedFetchOptions, guardedFetch } from '../outbound/guarded-fetch.ts';
import { pollDevice } from './device-flow.ts';
import { checkIdentity, identifyAccount } from './identify-account.ts';
import type { ProviderAccess } from './provider-call.ts';
import { exchangeCode, exchangeRefreshToken } from './request-token.ts';
import { revokeToken } from './revoke-token.ts';

/** The clock, the rules of outbound requests, and the time limits of single calls (milliseconds). */
export interface OpenidClientProtocolDeps extends GuardedFetchOptions {
  clock: Clock;
  /** For a call of the token endpoint; default: the limit of the other calls. */
  exchangeMilliseconds?: number;
}

/** Creates the adapter; the other options are those of `guardedFetch`. */
export const openidClientProtocol = ({
  clock,
  exchangeMilliseconds,
  ...options
}: OpenidClientProtocolDeps): OAuthProtocol => {
  const access: ProviderAccess = { fetch: guardedFetch(options), clock, policy: options.policy };
  // Longer than the others: once the provider has read the request, the refresh token may be spent, so its answer is worth the wait.
  const exchanging: ProviderAccess =
    exchangeMilliseconds === undefined
      ? access
      : { ...access, fetch: guardedFetch({ ...options, timeoutMilliseconds: exchangeMilliseconds }) };
  return {
    readCallback: ({ profile }, parameters) => keepCallback(profile, parameters, access.policy),
    exchangeCode: (client, exchange) => exchangeCode(exchanging, client, exchange),
    refresh: (client, refreshToken, scopes) => exchangeRefreshToken(exchanging, client, { refreshToken, scopes }),
    pollDevice: (client, deviceCode) => pollDevice(exchanging, client, deviceCode),
    revoke: (client, token, kind) => revokeToken(access, client, { token, kind }),
    identify: (client, accessToken, data) => identifyAccount(access, client, { accessToken, data }),
    checkToken: (client, accessToken, data) => checkIdentity(access, client, { accessToken, data }),
  };
};
