// oidc-provider: a certified OpenID provider. Everyone is logged in as ada and consents; refresh tokens rotate, and a used one ends the grant.
import Provider from 'oidc-provider';
import { CLIENT, describe, installedVersion, listen, redirect, redirectUris } from './serve.mjs';

const SCOPES = ['openid', 'offline_access', 'notes.read', 'notes.write'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const { server, origin } = await listen();

/** A metadata document is fetched from the local server in place of its public address, which the harness sets. */
const [publicOrigin, localOrigin] = (process.env.DOCUMENT_ORIGINS ?? '').split(',');
const fetchDocument = (url, options) =>
  fetch(publicOrigin ? String(url).replace(publicOrigin, localOrigin) : url, { ...options, dispatcher: undefined });

const provider = new Provider(origin, {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: redirectUris,
      grant_types: ['authorization_code', 'refresh_token', DEVICE],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'native',
    },
  ],
  scopes: SCOPES,
  cookies: { keys: ['interop'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  expiresWithSession: () => false,
  fetch: fetchDocument,
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 60,
    DeviceCode: 600,
    Grant: 86_400,
    IdToken: 600,
    Interaction: 600,
    RefreshToken: 86_400,
    Session: 86_400,
  },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    clientIdMetadataDocument: { enabled: Boolean(publicOrigin), ack: 'draft-02' },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: SCOPES.join(' '),
        audience: resource,
        accessTokenFormat: 'opaque',
      }),
    },
  },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
});

const approve = async (request, response) => {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
    return;
  }
  const grant = new provider.Grant({ accountId: 'ada', clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? '');
  for (const resource of [params.resource ?? []].flat()) grant.addResourceScope(resource, params.scope ?? '');
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
};

const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  return approve(request, response).catch(() => redirect(response, '/no-such-interaction'));
});

describe({
  version: installedVersion('oidc-provider'),
  issuer: origin,
  entry: {
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'client_secret_basic',
    issuer: origin,
    authorizationResponseIssParameterSupported: true,
    authorizationEndpoint: `${origin}/auth`,
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/token/revocation`,
    deviceAuthorizationEndpoint: `${origin}/device/auth`,
    defaultScopes: ['openid', 'notes.read'],
  },
  lacks: {},
});
