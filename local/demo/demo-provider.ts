// The demo provider: a real OAuth authorization server on loopback, so that connecting can be tried without an account at a
// provider. Access tokens are valid for a minute, refresh tokens rotate, and there are two accounts, Ada and Grace.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Configuration, JWK } from 'oidc-provider';
import { readOrCreate } from '../home.ts';
import { isOwnRequest, listenOnLoopback } from '../http/loopback.ts';
import { refusals, writeReply } from '../http/reply.ts';
import { reportFault } from '../report-fault.ts';
import { answerDemoPage, DEMO_ACCOUNTS, INTERACTION_PATH } from './demo-pages.ts';
import { demoStore } from './demo-store.ts';

/** The OAuth client that Keyhold uses at the demo provider. Not secret: the provider listens on loopback only. */
export const DEMO_CLIENT = { id: 'keyhold-demo', secret: 'keyhold-demo-secret' };
/** The scopes that the demo provider knows. */
export const DEMO_SCOPES = ['openid', 'profile', 'demo.read', 'demo.write'];
const ACCESS_TOKEN_SECONDS = 60;
const DAY_SECONDS = 86_400;

interface DemoOptions {
  folder: string;
  redirectUris: string[];
}

/** The provider's keys, kept in the folder so that its cookies and tokens stay valid after a restart. */
const readKeys = async (folder: string): Promise<{ jwks: { keys: JWK[] }; cookie: string }> => {
  const make = async () => {
    const { exportJWK, generateKeyPair } = await import('jose');
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' };
    return JSON.stringify({ jwks: { keys: [key] }, cookie: crypto.randomUUID() });
  };
  return JSON.parse(await readOrCreate(join(folder, 'demo-provider.json'), make));
};

const findAccount: Configuration['findAccount'] = (_context, id) => ({
  accountId: id,
  claims: () => ({ sub: id, name: DEMO_ACCOUNTS.get(id) ?? id }),
});

const configuration = async ({ folder, redirectUris }: DemoOptions): Promise<Configuration> => {
  const { jwks, cookie } = await readKeys(folder);
  return {
    adapter: demoStore(join(folder, 'demo-grants.json')),
    clients: [
      {
        client_id: DEMO_CLIENT.id,
        client_secret: DEMO_CLIENT.secret,
        client_name: 'Keyhold',
        application_type: 'native',
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        redirect_uris: redirectUris,
      },
    ],
    jwks,
    cookies: { keys: [cookie] },
    scopes: [...DEMO_SCOPES, 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'] },
    findAccount,
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      RefreshToken: 30 * DAY_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Session: DAY_SECONDS,
      Grant: 30 * DAY_SECONDS,
      Interaction: 600,
      IdToken: 600,
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    },
    interactions: { url: (_context, { uid }) => `${INTERACTION_PATH}${uid}` },
  };
};

/** The running provider. */
export interface DemoProvider {
  issuer: string;
  /** Its entry in the secret `oauth-clients`. */
  entry: Record<string, unknown>;
}

const clientEntry = (issuer: string): Record<string, unknown> => ({
  displayName: 'Demo',
  clientId: DEMO_CLIENT.id,
  clientSecret: DEMO_CLIENT.secret,
  clientAuth: 'client_secret_basic',
  issuer,
  authorizationResponseIssParameterSupported: true,
  authorizationEndpoint: `${issuer}/auth`,
  tokenEndpoint: `${issuer}/token`,
  revocationEndpoint: `${issuer}/token/revocation`,
  deviceAuthorizationEndpoint: `${issuer}/device/auth`,
  identityEndpoint: `${issuer}/me`,
  identityIdPath: 'sub',
  identityNamePath: 'name',
  defaultScopes: ['openid', 'profile', 'demo.read'],
});

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

/** The library is large and its first key takes time to make: both wait for the first request, so that starting is quick. */
const makeAnswer = async (issuer: string, options: DemoOptions): Promise<Answer> => {
  const { default: OidcProvider } = await import('oidc-provider');
  const provider = new OidcProvider(issuer, await configuration(options));
  const callback = provider.callback();
  return async (request, response) =>
    request.url?.startsWith(INTERACTION_PATH)
      ? answerDemoPage(provider, request, response)
      : callback(request, response);
};

/** Starts on a free loopback port; it does not keep the process alive. */
export const startDemoProvider = async (options: DemoOptions): Promise<DemoProvider> => {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
  let made: Promise<Answer> | undefined;
  const answer: Answer = async (request, response) => {
    if (!isOwnRequest(request)) return writeReply(response, refusals.forbidden);
    made ??= makeAnswer(issuer, options);
    return (await made)(request, response);
  };
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The next request tries again.
      made = undefined;
      reportFault('the demo provider', error);
      response.destroy();
    });
  });
  server.unref();
  return { issuer, entry: clientEntry(issuer) };
};
