// The demo provider: a real OAuth authorization server on loopback, so that connecting can be tried without an account at a
// provider. Access tokens are valid for a minute, refresh tokens rotate, and there are two accounts, Ada and Grace. Clients can register; the
// demo MCP server is on the same address.
import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type Provider from 'oidc-provider';
import type { Configuration, JWK } from 'oidc-provider';
import { readOrCreate } from '../home.ts';
import { isOwnRequest, listenOnLoopback } from '../http/loopback.ts';
import { refusals, writeReply } from '../http/reply.ts';
import { reportFault } from '../report-fault.ts';
import { answerDemoPage, DEMO_ACCOUNTS, INTERACTION_PATH } from './demo-pages.ts';
import { demoStore } from './demo-store.ts';
import { answerMcp, isForMcp, MCP_SCOPES, mcpServerUrl } from './mcp/mcp-server.ts';

/** The OAuth client that Keyhold uses at the demo provider. Not secret: the provider listens on loopback only. */
export const DEMO_CLIENT = { id: 'keyhold-demo', secret: 'keyhold-demo-secret' };
/** The scopes that the demo provider knows. */
export const DEMO_SCOPES = ['openid', 'profile', 'demo.read', 'demo.write'];
const ACCESS_TOKEN_SECONDS = 60;
const DAY_SECONDS = 86_400;
/** Below those that systems give to outgoing connections, one of which might have it at the next start. */
const KEPT_PORTS = [20_000, 32_000] as const;

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

/** Tokens of the demo MCP server, and of no other resource. */
const resourceIndicators = async (issuer: string) => {
  const { errors } = await import('oidc-provider');
  return {
    enabled: true,
    getResourceServerInfo: async (_context: unknown, resource: string) => {
      if (resource !== mcpServerUrl(issuer)) throw new errors.InvalidTarget();
      return { scope: MCP_SCOPES, audience: resource, accessTokenTTL: ACCESS_TOKEN_SECONDS };
    },
  };
};

const configuration = async (issuer: string, { folder, redirectUris }: DemoOptions): Promise<Configuration> => {
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
      registration: { enabled: true },
      resourceIndicators: await resourceIndicators(issuer),
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    },
    interactions: { url: (_context, { uid }) => `${INTERACTION_PATH}${uid}` },
  };
};

/** The running provider. */
export interface DemoProvider {
  issuer: string;
  mcpServerUrl: string;
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

const makeProvider = async (issuer: string, options: DemoOptions): Promise<Provider> => {
  const { default: OidcProvider } = await import('oidc-provider');
  return new OidcProvider(issuer, await configuration(issuer, options));
};

/** The library is large and its first key takes time to make: both wait for the first request, so that starting is quick. */
const answerRequests = (issuer: string, options: DemoOptions): Answer => {
  let made: Promise<Provider> | undefined;
  const provider = (): Promise<Provider> => {
    made ??= makeProvider(issuer, options).catch((error: unknown) => {
      // The next request tries again.
      made = undefined;
      throw error;
    });
    return made;
  };
  return async (request, response) => {
    if (!isOwnRequest(request)) return writeReply(response, refusals.forbidden);
    if (isForMcp(request)) return writeReply(response, await answerMcp(request, issuer, provider));
    const ready = await provider();
    if (request.url?.startsWith(INTERACTION_PATH)) return answerDemoPage(ready, request, response);
    return ready.callback()(request, response);
  };
};

/** The same address after a restart, so that what is connected stays so; another one while a server on the same folder has it. */
const listen = async (server: Server, folder: string): Promise<number> => {
  const kept = await readOrCreate(join(folder, 'demo-provider-port'), () => String(randomInt(...KEPT_PORTS)));
  return listenOnLoopback(server, Number(kept)).catch(() => listenOnLoopback(server, 0));
};

/** Starts on loopback; it does not keep the process alive. */
export const startDemoProvider = async (options: DemoOptions): Promise<DemoProvider> => {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server, options.folder)}`;
  const answer = answerRequests(issuer, options);
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      reportFault('the demo provider', error);
      response.destroy();
    });
  });
  server.unref();
  return { issuer, mcpServerUrl: mcpServerUrl(issuer), entry: clientEntry(issuer) };
};
