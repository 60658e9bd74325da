// The OAuthStarts port, implemented with openid-client. Apart from the rest of the protocol, so that a function that only starts
// connections has no code that sends a user's tokens.
import type { OAuthStarts } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type GuardedFetchOptions, guardedFetch } from '../outbound/guarded-fetch.ts';
import { authorizationUrl } from './authorization-url.ts';
import { startDevice } from './device-flow.ts';
import type { ProviderAccess } from './provider-call.ts';

/** Creates the adapter; the options besides the clock are those of `guardedFetch`. */
export const openidClientStarts = ({ clock, ...options }: GuardedFetchOptions & { clock: Clock }): OAuthStarts => {
  const access: ProviderAccess = { fetch: guardedFetch(options), clock, policy: options.policy };
  return {
    authorizationUrl: (client, request) => authorizationUrl(client, request, access.policy),
    startDevice: (client, scopes) => startDevice(access, client, scopes),
  };
};
