// The OAuthProtocol port, implemented with openid-client: one HTTP request per call, through a fetch that checks addresses and
// normalizes replies. Id tokens never reach the library: accounts come from the identity endpoint.
import type { OAuthProtocol } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type GuardedFetchOptions, guardedFetch } from '../outbound/guarded-fetch.ts';
import { authorizationUrl } from './authorization-url.ts';
import { pollDevice, startDevice } from './device-flow.ts';
import { identifyAccount } from './identify-account.ts';
import type { ProviderAccess } from './provider-call.ts';
import { exchangeCode, exchangeRefreshToken } from './request-token.ts';
import { revokeToken } from './revoke-token.ts';

export interface OpenidClientProtocolDeps extends GuardedFetchOptions {
  clock: Clock;
}

/** Creates the adapter; the options are those of `guardedFetch`. */
export const openidClientProtocol = ({ clock, ...options }: OpenidClientProtocolDeps): OAuthProtocol => {
  const access: ProviderAccess = { fetch: guardedFetch(options), clock, policy: options.policy };
  return {
    authorizationUrl: (client, request) => authorizationUrl(client, request, access.policy),
    exchangeCode: (client, exchange) => exchangeCode(access, client, exchange),
    refresh: (client, refreshToken, scopes) => exchangeRefreshToken(access, client, { refreshToken, scopes }),
    startDevice: (client, scopes) => startDevice(access, client, scopes),
    pollDevice: (client, deviceCode) => pollDevice(access, client, deviceCode),
    revoke: (client, token, kind) => revokeToken(access, client, { token, kind }),
    identify: (client, accessToken) => identifyAccount(access, client, accessToken),
  };
};
