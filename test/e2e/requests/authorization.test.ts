// Who may call what (I1), generated from the route table: every route refuses every other caller as API Gateway does, before
// anything changes. A route without a rule here fails.
import { createPublicKey, type JsonWebKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plane, Route } from '../../../lib/http/routes/route.ts';
import { type RouteId, routes } from '../../../lib/http/routes/routes.ts';
import { AUDIENCE, ISSUER } from '../../../local/identity/token-issuer.ts';
import type { HttpRequest, Reply } from '../../support/http/http-caller.ts';
import { type LinkInBrowser, linkInBrowser, openLink } from '../../support/http/link-in-browser.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { type Signer, signByHand } from '../../support/http/sign-by-hand.ts';

const key = { type: 'api_key', provider: 'openai', apiKey: 'k' };
/** Of no provider that is known, so that no check calls one. */
const unknownKey = { ...key, provider: 'internal-api' };
const state = { provider: 'github', scopes: ['repo'] };

/** What the right caller sends to each route, and the status that answers it. */
const rules: Record<RouteId, { body?: object; ifMatch?: string; status: number }> = {
  getHealth: { status: 200 },
  getConnectPage: { status: 200 },
  getClientMetadata: { status: 200 },
  listProviders: { status: 200 },
  listMyCredentials: { status: 200 },
  addMyCredential: { body: key, status: 201 },
  getMyCredential: { status: 200 },
  replaceMyCredential: { body: key, status: 200 },
  renameMyCredential: { body: { title: 'New' }, status: 200 },
  deleteMyCredential: { status: 200 },
  checkMyCredential: { body: unknownKey, status: 200 },
  checkMyStoredCredential: { status: 200 },
  checkCredential: { body: unknownKey, status: 200 },
  checkStoredCredential: { status: 200 },
  resolveCredential: { body: { provider: 'openai' }, status: 200 },
  listCredentials: { status: 200 },
  addCredential: { body: key, status: 201 },
  getCredential: { status: 200 },
  replaceCredential: { body: key, status: 200 },
  renameCredential: { body: { title: 'New' }, status: 200 },
  deleteCredential: { status: 200 },
  editCredentials: { body: { put: [key] }, ifMatch: '"v2"', status: 200 },
  putManagedCredential: { body: { secret: 's' }, status: 204 },
  getManagedCredential: { status: 200 },
  deleteManagedCredential: { status: 204 },
  createOAuthState: { body: state, status: 201 },
  // Authorized, and then refused: there is no such state.
  consumeOAuthState: { body: { token: 'none', provider: 'github' }, status: 400 },
  // Public: the page of a bad state.
  receiveOAuthCallback: { status: 400 },
  // Only a form is read.
  receiveOAuthFormPost: { body: {}, status: 415 },
  startMyConnection: { body: { provider: 'demo' }, status: 201 },
  completeMyConnection: { body: { state: 'none', receipt: 'none' }, status: 400 },
  startMyDeviceConnection: { body: { provider: 'demo' }, status: 201 },
  pollMyDeviceConnection: { body: { state: 'none' }, status: 400 },
  startConnection: { body: { provider: 'demo' }, status: 201 },
  completeConnection: { body: { state: 'none', receipt: 'none' }, status: 400 },
  startDeviceConnection: { body: { provider: 'demo' }, status: 201 },
  pollDeviceConnection: { body: { state: 'none' }, status: 400 },
  importUser: { body: { format: 'keyhold', document: {} }, status: 200 },
  exportUser: { status: 200 },
  createConnectLink: { body: { manage: true }, status: 201 },
  getLink: { status: 200 },
  addLinkCredential: { body: key, status: 201 },
  renameLinkCredential: { body: { title: 'New' }, status: 200 },
  deleteLinkCredential: { status: 200 },
  checkLinkCredential: { body: unknownKey, status: 200 },
  startLinkConnection: { body: { provider: 'demo' }, status: 201 },
  completeLinkConnection: { body: { state: 'none', receipt: 'none' }, status: 400 },
  startLinkDeviceConnection: { body: { provider: 'demo' }, status: 201 },
  pollLinkDeviceConnection: { body: { state: 'none' }, status: 400 },
  eraseUser: { status: 200 },
  listSystemCredentials: { status: 200 },
};

/** null: the plane is public. */
const refusedWith: Record<Plane, number | null> = { user: 401, runtime: 403, link: 401, public: null };

let keyhold: Keyhold;
let host: string;
let tokens: Record<string, string>;
/** A signed token with these claims changed; without changes it is valid. */
let makeToken: (given?: { iss?: string; aud?: string; exp?: number; nbf?: number }) => Promise<string>;

const makeTokens = async (): Promise<Record<string, string>> => {
  const jwk: JsonWebKey = JSON.parse(readFileSync(join(keyhold.home, 'jwt-key.json'), 'utf8'));
  const ownKey = await importJWK(jwk as never, 'RS256');
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: 'alice', iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 600 };
  const sign = (given: object, signingKey: Parameters<SignJWT['sign']>[0] = ownKey, alg = 'RS256') =>
    new SignJWT(given as typeof claims).setProtectedHeader({ alg }).sign(signingKey);
  makeToken = (given = {}) => sign({ ...claims, ...given });
  const publicPem = createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: jwk.e } as JsonWebKey, format: 'jwk' });
  const hmacKey = Buffer.from(publicPem.export({ type: 'spki', format: 'pem' }) as string);
  const [header, , signature] = (await makeToken()).split('.');
  const [, alices] = (await sign({ ...claims, sub: 'alice' })).split('.');
  const [mallorysHeader, , mallorysSignature] = (await sign({ ...claims, sub: 'mallory' })).split('.');
  const expired = await keyhold.anonymous.call('POST', '/_local/token', { sub: 'alice', expiresInSeconds: 0 });
  const { exp: _, ...endless } = claims;
  return {
    'no token': '',
    'a word': 'alice',
    'a token that expired a second ago': await makeToken({ exp: now - 1 }),
    'a token issued expired': expired.json.accessToken,
    'a token without an end': await sign(endless),
    'a token not valid yet': await makeToken({ nbf: now + 300 }),
    'a token for another audience': await makeToken({ aud: 'another' }),
    'a token of another issuer': await makeToken({ iss: 'https://issuer.example' }),
    'a token by another key': await sign(claims, (await generateKeyPair('RS256')).privateKey),
    'a token of alg none': new UnsecuredJWT(claims).encode(),
    'a token of HS256 with the public key': await sign(claims, hmacKey, 'HS256'),
    'a token of HS256': await sign(claims, randomBytes(32), 'HS256'),
    "another's token with her claims": [mallorysHeader, alices, mallorysSignature].join('.'),
    'a token less its signature': [header, alices, ''].join('.'),
    'a token less its claims': [header, '', signature].join('.'),
  };
};

beforeAll(async () => {
  keyhold = await startKeyhold();
  host = new URL(keyhold.url).host;
  tokens = await makeTokens();
  lostLinks = await makeLostLinks();
  await prepare('alice');
});
afterAll(() => keyhold.stop());

/** Leaves a user at version 2, with a credential and a managed key. */
const prepare = async (user: string): Promise<void> => {
  await keyhold.worker.call('POST', `/v1/users/${user}/credentials`, { ...key, id: 'mine' });
  await keyhold.worker.call('PUT', `/v1/users/${user}/managed-credentials/ayrshare`, { secret: 's' });
};

const buildRequest = ({ method, path, id }: Route & { id: RouteId }, user: string): HttpRequest => {
  const { body, ifMatch } = rules[id];
  return {
    method,
    path: path.replace('{userId}', user).replace('{id}', 'mine').replace('{provider}', 'ayrshare'),
    headers: { ...(body && { 'content-type': 'application/json' }), ...(ifMatch && { 'if-match': ifMatch }) },
    body: Buffer.from(body ? JSON.stringify(body) : ''),
  };
};

const send = ({ method, path, body, headers }: HttpRequest) => keyhold.anonymous.call(method, path, body, headers);

const withToken = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});
const signedBy = (request: HttpRequest, signer: Partial<Signer> = {}): HttpRequest => ({
  ...request,
  headers: signByHand(request, host, signer),
});
/** Sends `request` under the signature of another one. */
const signedAs = (request: HttpRequest, signed: Partial<HttpRequest>): HttpRequest => ({
  ...request,
  headers: signByHand({ ...request, ...signed }, host),
});
const withLink = (request: HttpRequest, link: LinkInBrowser): HttpRequest => ({
  ...request,
  headers: { ...request.headers, ...link.headers() },
});
const MINUTES = 60_000;

const presigned = (request: HttpRequest): HttpRequest => {
  const { authorization = '', 'x-amz-date': time = '' } = signByHand(request, host);
  const [credential, headers, signature] = authorization.split(' ').slice(1);
  const query = [`X-Amz-Algorithm=AWS4-HMAC-SHA256`, `X-Amz-Date=${time}`, credential, headers, signature];
  return { ...request, path: `${request.path}?${query.join('&').replaceAll(',', '')}` };
};

const wrongTokens = (request: HttpRequest): Record<string, HttpRequest> =>
  Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, withToken(request, token)]));

const wrongSignatures = (request: HttpRequest): Record<string, HttpRequest> => ({
  'a signature with a wrong secret': signedBy(request, { secret: 'locaI' }),
  'a signature by another key': signedBy(request, { accessKey: 'other' }),
  'a signature for another region': signedBy(request, { region: 'eu-west-1' }),
  'a signature for another service': signedBy(request, { service: 's3' }),
  'a signature six minutes old': signedBy(request, { at: Date.now() - 6 * MINUTES }),
  'a signature from six minutes ahead': signedBy(request, { at: Date.now() + 6 * MINUTES }),
  'a signature over another path': signedAs(request, { path: request.path.replace('alice', 'mallory').concat('x') }),
  'a signature over another query': signedAs(request, { path: `${request.path}?provider=openai` }),
  'a signature over another method': signedAs(request, { method: 'OPTIONS' }),
  'a signature over another body': signedAs(request, { body: Buffer.from('{}') }),
  'a signature in the query': presigned(request),
});

/** A link of alice that another browser holds, and one that is used up. */
let lostLinks: Record<string, LinkInBrowser>;

const makeLostLinks = async (): Promise<Record<string, LinkInBrowser>> => {
  const held = await openLink(keyhold, 'alice', { manage: true });
  await held.call('GET', '');
  const spent = await openLink(keyhold, 'alice');
  await spent.call('POST', '/credentials', { ...key, id: 'by-link' });
  return {
    'an unknown link': linkInBrowser(keyhold, randomBytes(32).toString('base64url')),
    'a link without its token': linkInBrowser(keyhold, ''),
    'a link that another browser holds': linkInBrowser(keyhold, held.token),
    'a link that is used up': spent,
  };
};

const wrongLinks = (request: HttpRequest): Record<string, HttpRequest> =>
  Object.fromEntries(Object.entries(lostLinks).map(([name, link]) => [name, withLink(request, link)]));

const impostors = async (plane: Plane, request: HttpRequest): Promise<Record<string, HttpRequest>> => ({
  'no credentials': request,
  ...wrongTokens(request),
  ...wrongSignatures(request),
  ...wrongLinks(request),
  ...(plane !== 'user' && { "a user's token": withToken(request, await makeToken()) }),
  ...(plane !== 'runtime' && { "a worker's signature": signedBy(request) }),
  ...(plane !== 'link' && { "a link's token": withLink(request, await openLink(keyhold, 'alice', { manage: true })) }),
});

const gatewayRefusal = ({ status, json, headers }: Reply) =>
  headers['content-type'] === 'application/json' && typeof json?.message === 'string' && Object.keys(json).length === 1
    ? status
    : `${status}, in another shape than the gateway's`;

/** The functions of the link plane refuse themselves, and in one way. */
const linkRefusal = ({ status, json, headers }: Reply) =>
  json?.code === 'link_invalid' && headers['set-cookie'] === undefined && Object.keys(json).length === 5
    ? status
    : `${status}, in another shape than that of an invalid link`;

describe.each(routes)('$method $path', (route) => {
  const refusal = refusedWith[route.plane];

  it(refusal === null ? 'answers every caller' : `refuses every other caller with ${refusal}`, async () => {
    const before = await snapshot('alice');
    const sent = Object.entries(await impostors(route.plane, buildRequest(route, 'alice')));
    const replies = await Promise.all(sent.map(async ([name, request]) => [name, await send(request)] as const));
    const refusalOf = route.plane === 'link' ? linkRefusal : gatewayRefusal;
    const seen = replies.map(([name, reply]) => [name, refusal === null ? reply.status : refusalOf(reply)]);
    const expected = sent.map(([name]) => [name, refusal ?? rules[route.id].status]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    expect(await snapshot('alice')).toEqual(before);
  });

  it('answers its own caller', async () => {
    await prepare(route.id);
    const request = buildRequest(route, route.id);
    const token = await keyhold.anonymous.call('POST', '/_local/token', { sub: route.id });
    const authorized: Record<Plane, () => Promise<HttpRequest>> = {
      user: async () => withToken(request, token.json.accessToken),
      runtime: async () => signedBy(request),
      link: async () => withLink(request, await openLink(keyhold, route.id, { manage: true })),
      public: async () => signedBy(request),
    };
    expect((await send(await authorized[route.plane]())).status).toBe(rules[route.id].status);
  });
});

/** All of a user that a worker can see. */
const snapshot = async (user: string) => {
  const paths = ['credentials', 'credentials/mine', 'managed-credentials/ayrshare'];
  return Promise.all(paths.map(async (path) => (await keyhold.worker.call('GET', `/v1/users/${user}/${path}`)).json));
};

describe('the rules', () => {
  it('name each route once and no other', () => {
    expect(Object.keys(rules).toSorted()).toEqual(routes.map((route) => route.id).toSorted());
  });

  it('accept the unchanged test token, so each refusal has the named cause', async () => {
    const request = buildRequest(routes.find((route) => route.id === 'listMyCredentials') as never, 'alice');
    expect((await send(withToken(request, await makeToken()))).status).toBe(200);
  });
});

const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

describe('an unknown route', () => {
  it.each([...new Set(routes.map((route) => route.path))])('is a 404 for any other method on %s', async (path) => {
    const [{ path: filled }] = routes
      .filter((route) => route.path === path)
      .map((route) => buildRequest(route, 'alice')) as [HttpRequest];
    // `check` is a credential's id to the routes of `{id}`.
    const matches = (pattern: string) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
    for (const method of others.filter(
      (name) => !routes.some((route) => matches(route.path) && route.method === name),
    )) {
      const reply = await keyhold.anonymous.call(method, filled);
      expect([method, reply.status]).toEqual([method, 404]);
      if (method !== 'HEAD') expect(reply.json).toEqual({ message: 'Not Found' });
    }
  });

  it.each([
    ...[
      '/index.html',
      '/v1',
      '/v1/',
      '/v1/me',
      '/v1/me/credentials/',
      '//v1/health',
      '/v1//health',
      '/V1/health',
      '/v1/health/',
    ],
    ...['/v1/me/credentials/a/b', '/v1/users/', '/v1/users//credentials', '/v1/users/alice/unknown', '/v2/health'],
    ...['/v1/me/credentials/a%2Fb', '/v1/users/a%2Fb/credentials', '/v1/me%2f..%2fhealth', '/prod/v1/health'],
  ])('is a 404 for every caller: %s', async (path) => {
    for (const caller of [keyhold.anonymous, keyhold.user('alice'), keyhold.worker]) {
      const reply = await caller.call('GET', path);
      expect([reply.status, reply.json]).toEqual([404, { message: 'Not Found' }]);
    }
  });
});
