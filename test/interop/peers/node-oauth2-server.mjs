// @node-oauth/oauth2-server: a library of the grants, here with a model in memory. Everyone is logged in as ada. The library has no
// registration, device flow, revocation or metadata; refresh tokens rotate, and a used one is unknown.
import OAuth2Server from '@node-oauth/oauth2-server';
import express from 'express';
import { CLIENT, describe, installedVersion, listen, redirectUris } from './serve.mjs';

const { server, origin } = await listen();

const client = {
  id: CLIENT.id,
  grants: ['authorization_code', 'refresh_token'],
  redirectUris,
  accessTokenLifetime: 600,
  refreshTokenLifetime: 86_400,
};
const user = { id: 'ada' };
const codes = new Map();
const refreshTokens = new Map();

const model = {
  getClient: async (id, secret) =>
    id === CLIENT.id && (secret === null || secret === undefined || secret === CLIENT.secret) && client,
  saveAuthorizationCode: async (code) => {
    codes.set(code.authorizationCode, { ...code, client, user });
    return codes.get(code.authorizationCode);
  },
  getAuthorizationCode: async (code) => codes.get(code),
  revokeAuthorizationCode: async (code) => codes.delete(code.authorizationCode),
  saveToken: async (token) => {
    const saved = { ...token, client, user };
    if (token.refreshToken) refreshTokens.set(token.refreshToken, saved);
    return saved;
  },
  getRefreshToken: async (token) => refreshTokens.get(token),
  revokeToken: async (token) => refreshTokens.delete(token.refreshToken),
  validateScope: async (_user, _client, scope) => scope ?? ['notes'],
};
const oauth = new OAuth2Server({ model, alwaysIssueNewRefreshToken: true });

const answerWith = (work) => async (request, response) => {
  const answer = new OAuth2Server.Response(response);
  try {
    await work(new OAuth2Server.Request(request), answer);
    response.status(answer.status).set(answer.headers).json(answer.body);
  } catch (error) {
    if (answer.headers.location) response.redirect(answer.headers.location);
    else response.status(error.code ?? 500).json({ error: error.name, error_description: error.message });
  }
};

const app = express();
app.use(express.urlencoded({ extended: false }));
app.get(
  '/authorize',
  answerWith((request, answer) => oauth.authorize(request, answer, { authenticateHandler: { handle: () => user } })),
);
app.post(
  '/token',
  answerWith((request, answer) => oauth.token(request, answer)),
);
server.on('request', app);

describe({
  version: installedVersion('@node-oauth/oauth2-server'),
  issuer: null,
  entry: {
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'client_secret_basic',
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    defaultScopes: ['notes'],
  },
  lacks: {
    device: 'not in the library',
    registration: 'not in the library',
    document: 'not in the library',
    resource: 'not in the library',
    iss: 'not in the library',
    revocation: 'not in the library',
  },
});
