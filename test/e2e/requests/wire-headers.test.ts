// Headers, paths and queries: ETag and If-Match, Location, no-store, an empty 204. No answer repeats a host name that the client
// sent (I5).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RouteId, type RouteTable, routes, routeTable } from '../../../lib/http/routes/routes.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import { openLink } from '../../support/http/link-in-browser.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { signByHand } from '../../support/http/sign-by-hand.ts';

const MINE = '/v1/me/credentials';
const apiKey = (given: object = {}) => ({ type: 'api_key', provider: 'internal-api', apiKey: 'k', ...given });

/** What each route with a body is sent. */
const bodies: Partial<Record<RouteId, object>> = {
  addMyCredential: apiKey(),
  addCredential: apiKey(),
  replaceMyCredential: apiKey({ title: 'New' }),
  replaceCredential: apiKey({ title: 'New' }),
  renameMyCredential: { title: 'New' },
  renameCredential: { title: 'New' },
  editCredentials: { put: [apiKey()], delete: ['mine'] },
  putManagedCredential: { secret: 's' },
  checkMyCredential: apiKey(),
  checkCredential: apiKey(),
  resolveCredential: { provider: 'internal-api' },
  createOAuthState: { provider: 'github', scopes: [] },
  consumeOAuthState: { token: 'none', provider: 'github' },
  startMyConnection: { provider: 'demo' },
  startConnection: { provider: 'demo' },
  completeMyConnection: { state: 'none', receipt: 'none' },
  completeConnection: { state: 'none', receipt: 'none' },
  startMyDeviceConnection: { provider: 'demo' },
  startDeviceConnection: { provider: 'demo' },
  pollMyDeviceConnection: { state: 'none' },
  pollDeviceConnection: { state: 'none' },
  createConnectLink: { provider: 'demo' },
  addLinkCredential: apiKey(),
  renameLinkCredential: { title: 'New' },
  checkLinkCredential: apiKey(),
  startLinkConnection: { provider: 'demo' },
  completeLinkConnection: { state: 'none', receipt: 'none' },
  startLinkDeviceConnection: { provider: 'demo' },
  pollLinkDeviceConnection: { state: 'none' },
  importUser: { format: 'keyhold', document: { credentials: [apiKey({ id: 'moved' })] } },
};
type Versioned = { [K in RouteId]: RouteTable[K]['ifMatch'] extends 'none' ? never : K }[RouteId];
const isVersioned = (id: RouteId): id is Versioned => routeTable[id].ifMatch !== 'none';
const writes = routes.map(({ id }) => id).filter(isVersioned);
const reads = routes.filter(
  ({ method, path }) => method === 'GET' && path.includes('credentials') && !path.includes('system'),
);

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold();
});
afterAll(() => keyhold.stop());

/** Brings a user to version 2: a credential and a managed key. */
const prepare = async (user: string): Promise<void> => {
  await keyhold.worker.call('POST', `/v1/users/${user}/credentials`, apiKey({ id: 'mine' }));
  await keyhold.worker.call('PUT', `/v1/users/${user}/managed-credentials/ayrshare`, { secret: 's' });
};

const buildPath = (id: RouteId, user: string) =>
  routeTable[id].path.replace('{userId}', user).replace('{id}', 'mine').replace('{provider}', 'ayrshare');

/** Calls through a new link of the user. */
const callByLink = async (id: RouteId, user: string, headers: Record<string, string>): Promise<Reply> => {
  const link = await openLink(keyhold, user, { manage: true });
  const path = buildPath(id, user).replace('/v1/link', '');
  return link.call(routeTable[id].method, path, bodies[id], headers);
};

const callRoute = (id: RouteId, user: string, headers: Record<string, string> = {}): Promise<Reply> => {
  const { method, plane } = routeTable[id];
  if (plane === 'link') return callByLink(id, user, headers);
  const caller = plane === 'user' ? keyhold.user(user) : keyhold.worker;
  return caller.call(method, buildPath(id, user), bodies[id], headers);
};

const currentTag = async (user: string) => (await keyhold.user(user).call('GET', MINE)).headers.etag;

describe.each(writes)('%s', (id) => {
  it('answers the new version of the user as ETag to a request with If-Match', async () => {
    const user = `versioned-${id}`;
    await prepare(user);
    const reply = await callRoute(id, user, { 'if-match': '"v2"' });
    expect(reply.status).toBeLessThan(300);
    expect(reply.headers.etag).toBe('"v3"');
    expect(await currentTag(user)).toBe('"v3"');
  });

  it('answers no ETag to a request without If-Match, or 428 where it is required', async () => {
    const user = `unversioned-${id}`;
    await prepare(user);
    const reply = await callRoute(id, user);
    if (routeTable[id].ifMatch === 'required') expect(reply.status).toBe(428);
    else expect(reply.status).toBeLessThan(300);
    expect(reply.headers).not.toHaveProperty('etag');
  });

  it('expects version 0 of a user without writes', async () => {
    const user = `new-${id}`;
    const reply = await callRoute(id, user, { 'if-match': '"v1"' });
    expect([reply.status, reply.json?.code, reply.json?.currentVersion]).toEqual([412, 'version_conflict', 0]);
    expect(await currentTag(user)).toBe('"v0"');
  });
});

describe('every read of a user', () => {
  it.each(reads.map(({ id }) => id))('answers the version as ETag and ignores If-Match: %s', async (id) => {
    const user = `reader-${id}`;
    await prepare(user);
    for (const ifMatch of ['"v2"', '"v1"', 'W/"v9"', '*']) {
      const reply = await callRoute(id, user, { 'if-match': ifMatch, 'if-none-match': '"v2"' });
      expect([reply.status, reply.headers.etag]).toEqual([200, '"v2"']);
    }
  });
});

describe('a Location', () => {
  it.each(['addMyCredential', 'addCredential'] as const)('of %s is the path of the new credential', async (id) => {
    const { headers, json } = await callRoute(id, 'finder');
    expect(headers.location).toBe(`${buildPath(id, 'finder')}/${json.id}`);
    const caller = routeTable[id].plane === 'user' ? keyhold.user('finder') : keyhold.worker;
    expect((await caller.call('GET', headers.location as string)).json).toMatchObject(json);
  });
});

/** These are called with a state that does not exist. */
const ENDS_A_FLOW = /^(?:consume|complete|poll|receiveOAuth)/;

describe('every answer of a function', () => {
  const EVIL = 'evil.example';
  const claims = {
    'x-forwarded-host': EVIL,
    'x-forwarded-proto': 'gopher',
    'x-original-url': `//${EVIL}/`,
  };
  const forwarded = { ...claims, forwarded: `host=${EVIL};proto=gopher`, referer: `https://${EVIL}/`, 'x-host': EVIL };

  const asEvil = async (id: RouteId, user: string, ifMatch: object): Promise<Reply> => {
    if (routeTable[id].plane === 'link') return callByLink(id, user, { ...forwarded, ...ifMatch });
    const body = Buffer.from(bodies[id] ? JSON.stringify(bodies[id]) : '');
    const { method, plane } = routeTable[id];
    const path = buildPath(id, user);
    const type = routeTable[id].bodyFormat === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = { 'content-type': type, ...forwarded, ...ifMatch, host: new URL(keyhold.url).host };
    const signed = plane === 'runtime' ? signByHand({ method, path, body, headers }, headers.host) : headers;
    const caller = plane === 'user' ? keyhold.user(user) : keyhold.anonymous;
    return caller.call(method, path, body, signed);
  };

  it.each(routes.map(({ id }) => id))(
    'of %s is no-store, but for the client metadata, and does not contain the host that the request claims',
    async (id) => {
      const user = `host-${id}`;
      await prepare(user);
      const refused = await asEvil(id, user, { 'if-match': '"v"' });
      const answered = await asEvil(id, user, id === 'editCredentials' ? { 'if-match': '"v2"' } : {});
      expect(answered.status).toBeLessThan(ENDS_A_FLOW.test(id) ? 401 : 300);
      for (const { headers, text } of [refused, answered]) {
        expect(headers['cache-control']).toBe(id === 'getClientMetadata' ? 'public, max-age=3600' : 'no-store');
        expect(JSON.stringify(headers) + text).not.toMatch(/evil\.example|gopher/i);
      }
    },
  );

  it('of status 204 has no body and no header about one', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? { secret: 's' } : undefined;
      const { status, headers, text } = await keyhold.worker.call(
        method,
        buildPath('putManagedCredential', 'empty'),
        body,
      );
      expect([status, text]).toEqual([204, '']);
      for (const name of ['content-length', 'content-type', 'transfer-encoding'])
        expect(headers).not.toHaveProperty(name);
    }
  });
});

describe('a path', () => {
  it('is decoded before it is matched', async () => {
    await prepare('decoder');
    const decoder = keyhold.user('decoder');
    const found = ['/v1/me/%63redentials', `${MINE}/m%69ne`, `${MINE}%3Fx`, `${MINE}?`, `${MINE}?%2F=/`];
    for (const path of found) expect([path, (await decoder.call('GET', path)).status]).toEqual([path, 200]);
    expect((await decoder.call('GET', `${MINE}%2Fmine`)).json).toMatchObject({ id: 'mine' });
    expect((await decoder.call('GET', `${MINE}/a%2Fb`)).json).toEqual({ message: 'Not Found' });
  });
});

describe('a query', () => {
  it('filters by known parameters and ignores others', async () => {
    await prepare('asker');
    const count = async (query: string) => {
      const path = `/v1/users/asker/credentials${query}`;
      const signed = signByHand({ method: 'GET', path, headers: {}, body: Buffer.alloc(0) }, new URL(keyhold.url).host);
      const replies = [
        await keyhold.user('asker').call('GET', MINE + query),
        await keyhold.anonymous.call('GET', path, undefined, signed),
      ];
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      expect(replies[0]?.json).toEqual(replies[1]?.json);
      expect(replies[0]?.json.providers).toEqual(['internal-api', 'ollama']);
      return replies[0]?.json.credentials.length;
    };
    for (const query of [
      '?provider=internal-api',
      '?provider=internal-api&max=0',
      '?a=b&provider=internal-api&__proto__=x',
    ])
      expect(await count(query)).toBe(1);
    for (const query of ['', '?page=1', '?Provider=internal-api', '?provider[]=internal-api', '?=&a'])
      expect(await count(query)).toBe(2);
    for (const query of ['?provider=', '?provider=OpenAI', '?provider=openai&provider=groq', '?provider=%00'])
      expect(await count(query)).toBe(0);
  });
});
