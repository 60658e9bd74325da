// oauth2-mock-server: issues a token to every client, for tests. It checks PKCE and little else.
import { randomUUID } from 'node:crypto';
import { OAuth2Server } from 'oauth2-mock-server';
import { CLIENT, describe, installedVersion, tellTokenRequest } from './serve.mjs';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
const origin = `http://127.0.0.1:${server.address().port}`;
server.issuer.url = origin;
// Without an id, two tokens of the same second are the same token.
server.service.on('beforeTokenSigning', ({ payload }) => {
  payload.jti = randomUUID();
});
server.service.on('beforeResponse', (_answer, request) => tellTokenRequest(new URLSearchParams(request.body)));

describe({
  version: installedVersion('oauth2-mock-server'),
  issuer: origin,
  entry: {
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    issuer: origin,
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/revoke`,
    defaultScopes: ['openid'],
  },
  lacks: {
    rotation: 'it checks no refresh token',
    device: 'no device endpoint',
    registration: 'no registration endpoint',
    document: 'not in its metadata',
    iss: 'its callback names no issuer',
  },
  notes: { resource: "with the operator's client: it registers none" },
  needsEntry: ['resource'],
});
