// How our client proves itself at a provider's endpoints (RFC 6749 §2.3.1), as the record asks. Without a secret it only names
// itself.
import type { ClientAuth } from 'openid-client';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';

/**
 * The form encoding of the WHATWG, which leaves `-`, `_` and `.` as they are: openid-client's own escapes them too, and
 * providers that forget to decode would then see another secret.
 */
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const asItIs = (text: string): string => text;

/** The Basic credentials of a client (RFC 7617), form-encoded unless the record says raw. */
export const basicAuthorization = ({ profile, clientId, clientSecret }: OAuthClient): string => {
  const encode = profile.clientAuth === 'client_secret_basic_raw' ? asItIs : formEncoded;
  const pair = `${encode(clientId)}:${encode(clientSecret?.expose() ?? '')}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
};

/** The client's id and, where it has one, its secret, as parameters. */
export const clientCredentials = (client: OAuthClient): Record<string, string> => {
  const secret = client.clientSecret?.expose();
  return {
    [client.profile.clientIdParam]: client.clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
  };
};

/** Puts the client's authentication into a request that openid-client is about to send. */
export const clientAuthentication = (client: OAuthClient): ClientAuth => {
  const style = client.clientSecret === null ? 'none' : client.profile.clientAuth;
  const name = client.profile.clientIdParam;
  return (_server, _client, body, headers) => {
    const namesItself = body.has('client_id') || style === 'none';
    body.delete('client_id');
    if (namesItself) body.set(name, client.clientId);
    if (style === 'none') return;
    if (style !== 'client_secret_post') return headers.set('authorization', basicAuthorization(client));
    for (const [parameter, value] of Object.entries(clientCredentials(client))) body.set(parameter, value);
  };
};
