// Authenticates the operator's client at a provider (RFC 6749 §2.3.1). A client with neither a secret nor a key only sends its id.
import type { ClientAuth } from 'openid-client';
import { clientAuthMethod } from '../../domain/oauth/client/client-keys.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { assertionAuthentication } from './client-assertion.ts';

/**
 * Form encoding as WHATWG defines it, which keeps `-`, `_` and `.`. openid-client escapes them too, and a provider that does not
 * decode would see another secret.
 */
const encodeForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const identity = (text: string): string => text;

/** Basic credentials (RFC 7617), form-encoded except with `client_secret_basic_raw`. */
export const basicAuthorization = ({ profile, clientId, clientSecret }: OAuthClient): string => {
  const encode = profile.clientAuth === 'client_secret_basic_raw' ? identity : encodeForm;
  const pair = `${encode(clientId)}:${encode(clientSecret?.expose() ?? '')}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
};

/** Client id and, if there is one, client secret as request parameters. */
export const clientCredentials = (client: OAuthClient): Record<string, string> => {
  const secret = client.clientSecret?.expose();
  return {
    [client.profile.clientIdParam]: client.clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
  };
};

/** Authentication by a secret, or by the id alone. */
const secretAuthentication = (client: OAuthClient): ClientAuth => {
  const method = clientAuthMethod(client.profile.clientAuth, client);
  const name = client.profile.clientIdParam;
  return (_server, _client, body, headers) => {
    const sendsId = body.has('client_id') || method === 'none';
    body.delete('client_id');
    if (sendsId) body.set(name, client.clientId);
    if (method === 'none') return;
    if (method !== 'client_secret_post') return headers.set('authorization', basicAuthorization(client));
    for (const [parameter, value] of Object.entries(clientCredentials(client))) body.set(parameter, value);
  };
};

const withIdParam = ({ clientId, profile }: OAuthClient, authenticate: ClientAuth): ClientAuth => {
  const name = profile.clientIdParam;
  if (name === 'client_id') return authenticate;
  return async (server, metadata, body, headers) => {
    await authenticate(server, metadata, body, headers);
    body.delete('client_id');
    body.set(name, clientId);
  };
};

/** Adds the client's authentication to a request of openid-client, as the profile says and the client can. */
export const clientAuthentication = (client: OAuthClient, clock: Clock): ClientAuth => {
  const { profile, signingKey } = client;
  return signingKey && clientAuthMethod(profile.clientAuth, client) === 'private_key_jwt'
    ? withIdParam(client, assertionAuthentication(signingKey, clock))
    : secretAuthentication(client);
};
