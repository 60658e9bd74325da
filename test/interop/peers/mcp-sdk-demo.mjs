// The demo provider of the MCP SDK: everyone is logged in; it issues no refresh tokens.
import { DemoInMemoryAuthProvider } from '@modelcontextprotocol/sdk/examples/server/demoInMemoryOAuthProvider.js';
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import express from 'express';
import { CLIENT, describe, installedVersion, listen, redirectUris } from './serve.mjs';

const { server, origin } = await listen('localhost');

const provider = new DemoInMemoryAuthProvider();
await provider.clientsStore.registerClient({
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
  redirect_uris: redirectUris,
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'client_secret_post',
});
const app = express();
app.use(mcpAuthRouter({ provider, issuerUrl: new URL(origin), scopesSupported: ['mcp:tools'] }));
server.on('request', app);

describe({
  version: installedVersion('@modelcontextprotocol/sdk'),
  // The router writes the issuer as a URL, with a slash.
  issuer: `${origin}/`,
  entry: {
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'client_secret_post',
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    defaultScopes: ['mcp:tools'],
  },
  lacks: {
    rotation: 'it issues no refresh tokens',
    device: 'no device endpoint',
    document: 'not in its metadata',
    iss: 'its callback names no issuer',
    revocation: 'no revocation endpoint',
  },
});
