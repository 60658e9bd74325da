// Revocation requests for providers that do not follow RFC 7009. ProviderProfile lists the kinds of token that each style accepts.
import type { RevocationStyle } from '../../domain/oauth/provider-record.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import { basicAuthorization, clientCredentials } from './client-authentication.ts';

/** The styles with a request of their own. */
export type OwnStyle = Exclude<RevocationStyle, Rfc7009Style | 'none'>;

/** The styles of RFC 7009, which differ in the tokens that the provider takes. */
export type Rfc7009Style = 'rfc7009' | 'rfc7009_access_token' | 'rfc7009_refresh_token';

type BuildRequest = (client: OAuthClient, token: string) => OutboundRequest;

const json = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(fields),
});

const form = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

const basic = (client: OAuthClient) => ({ authorization: basicAuthorization(client) });

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** The request that revokes a token, by style; the URL is the revocation endpoint. */
export const revocationRequests: Readonly<Record<OwnStyle, BuildRequest>> = {
  delete_basic: (client, token) => ({ method: 'DELETE', ...json({ access_token: token }, basic(client)) }),
  post_bearer: (_client, token) => ({ method: 'POST', ...bearer(token) }),
  delete_bearer: (_client, token) => ({ method: 'DELETE', ...bearer(token) }),
  json_basic: (client, token) => ({ method: 'POST', ...json({ token }, basic(client)) }),
  post_access_token: (client, token) => ({
    method: 'POST',
    ...form({ ...clientCredentials(client), access_token: token }),
  }),
  json_access_token: (client, token) => ({
    method: 'POST',
    ...json({ ...clientCredentials(client), access_token: token }),
  }),
  json_refresh_token: (client, token) => ({
    method: 'POST',
    ...json({ ...clientCredentials(client), refresh_token: token }),
  }),
  json_client_header: ({ profile, clientId, clientSecret }, token) => ({
    method: 'POST',
    ...json(
      { [profile.clientIdParam]: clientId, access_token: token },
      { authorization: `Client ${clientSecret?.expose() ?? ''}` },
    ),
  }),
};
