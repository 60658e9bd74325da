// A real authorization server (oidc-provider) on loopback, whose only user, Ann, approves every request: by following
// an authorization URL to its end, or by entering a user code.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';

export const CLIENT_ID = 'keyhold-test';
export const CLIENT_SECRET = 'a_secret-of.the:test/suite+0123456789';
export const REDIRECT_URI = 'http://127.0.0.1:1/callback';
const ACCOUNT = 'ann';

const CLIENT: ClientMetadata = {
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
};

const configuration: Configuration = {
  scopes: ['openid', 'offline_access', 'read', 'write'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  expiresWithSession: async () => false,
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 60,
    DeviceCode: 300,
    Grant: 3600,
    IdToken: 600,
    Interaction: 60,
    RefreshToken: 3600,
    Session: 60,
  },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    revocation: { enabled: true, allowedPolicy: async (_context, client, token) => token.clientId === client.clientId },
  },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ['only for tests'] },
};

const grantFor = async (provider: Provider, scope: string): Promise<string> => {
  const grant = new provider.Grant({ accountId: ACCOUNT, clientId: CLIENT_ID });
  grant.addOIDCScope(scope);
  return grant.save();
};

const approve = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { params } = await provider.interactionDetails(request, response);
  const grantId = await grantFor(provider, String(params.scope));
  await provider.interactionFinished(request, response, { login: { accountId: ACCOUNT }, consent: { grantId } });
};

/** Follows redirects as a browser does, until one leads to the client. */
const follow = async (start: string, redirectUri: string): Promise<URL> => {
  const cookies = new Map<string, string>();
  let url = start;
  while (!url.startsWith(redirectUri)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`stopped with ${response.status} at ${url}`);
    url = new URL(location, url).href;
  }
  return new URL(url);
};

export interface ReceivedForm {
  path: string;
  form: Readonly<Record<string, string | undefined>>;
  status: number;
}

/** `differences`: of the client's metadata, from a client with a secret. */
export const startAuthorizationServer = async (differences: Partial<ClientMetadata> = {}) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const provider = new Provider(issuer, { ...configuration, clients: [{ ...CLIENT, ...differences }] });
  const [redirectUri = REDIRECT_URI] = differences.redirect_uris ?? [];
  const requests: string[] = [];
  const forms: ReceivedForm[] = [];
  const settings = { hasMetadata: true };
  provider.use(async (context, next) => {
    await next();
    const form = (context as { oidc?: { body?: ReceivedForm['form'] } }).oidc?.body;
    if (form) forms.push({ path: context.path, form, status: context.status });
  });
  const serve = provider.callback();
  server.on('request', (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.url?.startsWith('/.well-known/') && !settings.hasMetadata) response.writeHead(503).end();
    else if (request.url?.startsWith('/interaction/')) void approve(provider, request, response);
    else void serve(request, response);
  });
  return {
    issuer,
    requests,
    /** What was posted, and how it was answered. */
    forms,
    /** Whether the places of the metadata answer; else 503. */
    settings,
    client: {
      provider: 'test',
      clientId: CLIENT_ID,
      clientSecret: new Secret(CLIENT_SECRET),
      profile: providerProfile('test', {
        authorizationEndpoint: `${issuer}/auth`,
        // Without it no offline_access is granted (OpenID Connect Core §11).
        extraAuthorizationParams: { prompt: 'consent' },
        tokenEndpoint: `${issuer}/token`,
        revocationEndpoint: `${issuer}/token/revocation`,
        deviceAuthorizationEndpoint: `${issuer}/device/auth`,
        identityEndpoint: `${issuer}/me`,
        identityIdPath: 'sub',
        identityNamePath: 'sub',
        issuer,
      }),
    },
    /** Ann signs in and agrees; returns the code. */
    approveUrl: async (url: string): Promise<string> => (await follow(url, redirectUri)).searchParams.get('code') ?? '',
    /** As `approveUrl`; the whole callback. */
    approveCallback: (url: string): Promise<URL> => follow(url, redirectUri),
    /** Ann enters the user code and agrees. */
    approveUserCode: async (userCode: string): Promise<void> => {
      const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''), { ignoreExpiration: true });
      if (!code) throw new Error('no such user code');
      const scope = String(code.params?.scope);
      Object.assign(code, { accountId: ACCOUNT, grantId: await grantFor(provider, scope), scope });
      await code.save();
    },
    denyUserCode: async (userCode: string): Promise<void> => {
      const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''), { ignoreExpiration: true });
      Object.assign(code ?? {}, { error: 'access_denied' });
      await code?.save();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
