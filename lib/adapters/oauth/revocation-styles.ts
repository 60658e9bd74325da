// The requests by which providers take a token back where they do not follow RFC 7009, and which kind of token each is for:
// sent the other kind, most would answer as if it had worked.

import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import { basicAuthorization, clientCredentials, clientIdParam } from './client-authentication.ts';

export type RevocationStyle = NonNullable<ProviderRecord['revocationStyle']>;
export type OwnStyle = Exclude<RevocationStyle, 'rfc7009' | 'none'>;
export type TokenKind = 'access_token' | 'refresh_token';

interface Revocation {
  takes: readonly TokenKind[];
  request(client: OAuthClient, token: string): OutboundRequest;
}

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

export const revocations: Readonly<Record<OwnStyle, Revocation>> = {
  delete_basic: {
    takes: ['access_token'],
    request: (client, token) => ({ method: 'DELETE', ...json({ access_token: token }, basic(client)) }),
  },
  post_bearer: {
    takes: ['access_token'],
    request: (_client, token) => ({ method: 'POST', ...bearer(token) }),
  },
  delete_bearer: {
    takes: ['access_token'],
    request: (_client, token) => ({ method: 'DELETE', ...bearer(token) }),
  },
  json_basic: {
    takes: ['access_token', 'refresh_token'],
    request: (client, token) => ({ method: 'POST', ...json({ token }, basic(client)) }),
  },
  post_access_token: {
    takes: ['access_token'],
    request: (client, token) => ({ method: 'POST', ...form({ ...clientCredentials(client), access_token: token }) }),
  },
  json_access_token: {
    takes: ['access_token'],
    request: (client, token) => ({ method: 'POST', ...json({ ...clientCredentials(client), access_token: token }) }),
  },
  json_refresh_token: {
    takes: ['refresh_token'],
    request: (client, token) => ({ method: 'POST', ...json({ ...clientCredentials(client), refresh_token: token }) }),
  },
  json_client_header: {
    takes: ['access_token'],
    request: (client, token) => ({
      method: 'POST',
      ...json(
        { [clientIdParam(client)]: client.clientId, access_token: token },
        { authorization: `Client ${client.clientSecret?.expose() ?? ''}` },
      ),
    }),
  },
};
