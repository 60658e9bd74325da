// better-auth with its OAuth provider, on its adapter in memory. Everyone is logged in as ada: the pages that an application would show
// sign in, consent and approve by calls of better-auth's own API.
import { oauthDeviceAuthorization, oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { jwt } from 'better-auth/plugins';
import {
  describe,
  installedVersion,
  listen,
  redirect,
  redirectUris,
  resource,
  sendWebResponse,
  toWebRequest,
} from './serve.mjs';

const { server, origin } = await listen('localhost');
const API = `${origin}/api/auth`;
const ADA = { email: 'ada@example.com', password: 'interop-password' };
const SCOPES = ['openid', 'offline_access', 'notes'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const options = {
  baseURL: origin,
  secret: 'interop-secret-interop-secret-0123456789',
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: `${origin}/login`,
      consentPage: `${origin}/consent`,
      scopes: SCOPES,
      resources: [resource],
      clientRegistrationDefaultResources: [resource],
      allowDynamicClientRegistration: true,
      allowUnauthenticatedClientRegistration: true,
      grantTypes: ['authorization_code', 'refresh_token', DEVICE],
    }),
    oauthDeviceAuthorization({ verificationUri: `${origin}/approve-device`, interval: '1s' }),
  ],
};
const tables = Object.fromEntries(Object.values(getAuthTables(options)).map(({ modelName }) => [modelName, []]));
const auth = betterAuth({ ...options, database: memoryAdapter(tables) });

await auth.api.signUpEmail({ body: { ...ADA, name: 'Ada' } });
const post = (path, body, cookie) =>
  auth.handler(
    new Request(`${API}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    }),
  );

const signIn = async () => {
  const cookies = (await post('/sign-in/email', ADA)).headers.getSetCookie();
  return { cookies, header: cookies.map((text) => text.split(';')[0]).join('; ') };
};

const client = await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie: (await signIn()).header }),
  body: {
    redirect_uris: redirectUris,
    client_name: 'Keyhold',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token', DEVICE],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    skip_consent: true,
    scope: SCOPES.join(' '),
  },
});

const pages = {
  '/login': async (url, _request, response) => {
    const { cookies } = await signIn();
    redirect(response, `${API}/oauth2/authorize${url.search}`, cookies);
  },
  '/consent': async (url, request, response) => {
    const answer = await post(
      '/oauth2/consent',
      { accept: true, oauth_query: url.search.slice(1) },
      request.headers.cookie,
    );
    const { url: location, redirect_uri: older } = await answer.json();
    redirect(response, location ?? older);
  },
  '/approve-device': async (url, _request, response) => {
    const { header } = await signIn();
    const userCode = url.searchParams.get('user_code');
    await auth.handler(new Request(`${API}/device?user_code=${userCode}`, { headers: { cookie: header } }));
    const answer = await post('/device/approve', { userCode }, header);
    response.writeHead(answer.status, { 'content-type': 'text/plain' });
    response.end(await answer.text());
  },
};

server.on('request', async (request, response) => {
  const url = new URL(request.url, origin);
  if (pages[url.pathname]) return pages[url.pathname](url, request, response);
  return sendWebResponse(response, await auth.handler(await toWebRequest(request, origin)));
});

const metadata = await (await auth.handler(new Request(`${API}/.well-known/oauth-authorization-server`))).json();
if (process.env.SHOW_METADATA) console.error(JSON.stringify({ metadata, client }, null, 1));

describe({
  version: installedVersion('@better-auth/oauth-provider'),
  issuer: metadata.issuer ?? null,
  entry: {
    clientId: client.client_id,
    clientSecret: client.client_secret,
    clientAuth: 'client_secret_basic',
    issuer: metadata.issuer,
    authorizationResponseIssParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
    authorizationEndpoint: `${API}/oauth2/authorize`,
    tokenEndpoint: `${API}/oauth2/token`,
    revocationEndpoint: `${API}/oauth2/revoke`,
    deviceAuthorizationEndpoint: `${API}/device/code`,
    defaultScopes: SCOPES,
  },
  lacks: { document: 'its metadata documents are a plugin of their own, which fits other versions' },
});
