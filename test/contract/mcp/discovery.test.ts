// Discovery on the wire: which places are asked in which order, what is taken from them, and what each kind of answer leads to.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { guardedIssuerReader } from '../../../lib/adapters/mcp/guarded-issuer-reader.ts';
import { guardedServerDiscovery } from '../../../lib/adapters/mcp/guarded-server-discovery.ts';
import { guardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import type { NotConnectableReason } from '../../../lib/domain/mcp/not-connectable.ts';
import type { ServerDiscovery } from '../../../lib/domain/ports/server-discovery.ts';
import { memoryIssuerStore } from '../../support/memory/mcp/memory-issuer-store.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { type Places, startWebPlaces } from '../../support/providers/web-places.ts';

const mcp = await startWebPlaces();
const auth = await startWebPlaces();
afterAll(() => {
  mcp.close();
  auth.close();
});

const URL_OF_SERVER = `${mcp.url}/mcp`;
const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

const challenged = (fields: string): ScriptedReply => ({ status: 401, headers: { 'www-authenticate': fields } });
const REFUSED = challenged('Bearer error="invalid_token"');
const metadataOf = (issuer: string, given: object = {}): ScriptedReply => ({
  body: {
    issuer,
    authorization_endpoint: `${auth.url}/authorize`,
    token_endpoint: `${auth.url}/token`,
    code_challenge_methods_supported: ['S256'],
    ...given,
  },
});
const resourceOf = (given: object = {}): ScriptedReply => ({
  body: { resource: URL_OF_SERVER, authorization_servers: [auth.url], ...given },
});

let discovery: ServerDiscovery;
beforeEach(() => {
  mcp.put({});
  auth.put({ [SERVER]: metadataOf(auth.url) });
  discovery = guardedServerDiscovery({
    fetch: guardedFetch({ policy: 'local', timeoutMilliseconds: 20_000 }),
    policy: 'local',
    issuers: memoryIssuerStore(),
    clock: systemClock,
    budgetMilliseconds: 60_000,
  });
});

const { readIssuerNow } = guardedIssuerReader({
  fetch: guardedFetch({ policy: 'local', timeoutMilliseconds: 20_000 }),
  policy: 'local',
  budgetMilliseconds: 60_000,
});
const discover = (challenge: string | null = null, url = URL_OF_SERVER) => discovery.discover({ url, challenge });
const putAtServer = (places: Places) => mcp.put({ 'POST /mcp': REFUSED, ...places });
const notConnectable = (step: string, reason: NotConnectableReason) =>
  expect.objectContaining({ code: 'server_not_connectable', members: { step, reason } });
const endOf = async (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('discovery', () => {
  it('follows the challenge to the metadata, and that to the authorization server', async () => {
    const named = `Basic realm="x", Bearer scope="a b", resource_metadata="${mcp.url}/custom.json"`;
    mcp.put({ 'POST /mcp': challenged(named), '/custom.json': resourceOf({ scopes_supported: ['c'] }) });
    const found = await discover();
    expect(found).toMatchObject({ resource: URL_OF_SERVER, challengeScopes: ['a', 'b'], resourceScopes: ['c'] });
    expect(found.server).toMatchObject({ issuer: auth.url, tokenEndpoint: `${auth.url}/token` });
    expect([mcp.listRequests(), auth.listRequests()]).toEqual([['POST /mcp', 'GET /custom.json'], [`GET ${SERVER}`]]);
  });

  it('asks with a request of the newest revision, without a token', async () => {
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    await discover();
    const [asked] = mcp.requests;
    expect(asked?.headers).toMatchObject({
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
    });
    expect(asked?.headers).not.toHaveProperty('authorization');
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ jsonrpc: '2.0', method: 'tools/list' });
  });

  it('joins several header lines of a challenge', async () => {
    const lines = ['Negotiate', `Bearer scope="s"`, `Bearer resource_metadata="${mcp.url}/meta"`];
    mcp.put({ 'POST /mcp': { status: 401, headers: { 'www-authenticate': lines } }, '/meta': resourceOf() });
    expect((await discover()).resource).toBe(URL_OF_SERVER);
    expect(mcp.listRequests()).toEqual(['POST /mcp', 'GET /meta']);
  });

  it('takes the challenge that the caller had, and does not ask the server', async () => {
    mcp.put({ '/meta': resourceOf() });
    expect((await discover(`Bearer scope="s", resource_metadata=${mcp.url}/meta`)).challengeScopes).toEqual(['s']);
    expect(mcp.listRequests()).toEqual(['GET /meta']);
  });

  it('asks the server where the caller’s challenge names no place and the well-known ones are empty', async () => {
    const named = challenged(`Bearer scope="t", resource_metadata="${mcp.url}/custom.json"`);
    mcp.put({ 'POST /mcp': named, '/custom.json': resourceOf() });
    const found = await discover('Bearer error="insufficient_scope", scope="s"');
    expect(found).toMatchObject({ resource: URL_OF_SERVER, challengeScopes: ['s'], server: { issuer: auth.url } });
    const places = [`${RESOURCE}/mcp`, RESOURCE].map((path) => `GET ${path}`);
    expect(mcp.listRequests()).toEqual([...places, 'POST /mcp', 'GET /custom.json']);
    expect((await discover('Bearer')).challengeScopes).toEqual(['t']);
  });

  it('finds the well-known metadata for a challenge of the caller that names no place, and asks nothing more', async () => {
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    expect((await discover('Bearer scope="s"')).challengeScopes).toEqual(['s']);
    expect(mcp.listRequests()).toEqual([`GET ${RESOURCE}/mcp`]);
  });

  it('blames the server, not the caller, for a place that only the server named', async () => {
    mcp.put({ 'POST /mcp': challenged('Bearer resource_metadata="http://10.0.0.1/"') });
    await expect(discover('Bearer')).rejects.toEqual(notConnectable('challenge', 'url_not_allowed'));
  });

  it.each<[string, Places, string[]]>([
    ['with the path inserted', { [`${RESOURCE}/mcp`]: resourceOf() }, [`${RESOURCE}/mcp`]],
    ['at the root', { [RESOURCE]: resourceOf({ resource: mcp.url }) }, [`${RESOURCE}/mcp`, RESOURCE]],
    [
      'at the root, where a page answers every other path',
      { [`${RESOURCE}/mcp`]: { body: '<html>' }, [RESOURCE]: resourceOf() },
      [`${RESOURCE}/mcp`, RESOURCE],
    ],
    [
      'at the root, where the first place redirects',
      { [`${RESOURCE}/mcp`]: { status: 308, headers: { location: `${mcp.url}/x` } }, [RESOURCE]: resourceOf() },
      [`${RESOURCE}/mcp`, RESOURCE],
    ],
  ])('finds metadata without a challenge %s', async (_, places, asked) => {
    putAtServer(places);
    expect((await discover()).server.issuer).toBe(auth.url);
    expect(mcp.listRequests().slice(1)).toEqual(asked.map((path) => `GET ${path}`));
  });

  it.each([200, 403, 404, 405, 500, 302])(
    'finds the metadata of a server that answers the request without a token with %i',
    async (status) => {
      mcp.put({ 'POST /mcp': { status }, [`${RESOURCE}/mcp`]: resourceOf() });
      expect((await discover()).server.issuer).toBe(auth.url);
    },
  );

  it.each<[string, string, string[]]>([
    ['RFC 8414 with the path inserted', `${SERVER}/t`, [`${SERVER}/t`]],
    ['OpenID with the path inserted', `${OPENID}/t`, [`${SERVER}/t`, `${OPENID}/t`]],
    ['OpenID with the path before it', `/t${OPENID}`, [`${SERVER}/t`, `${OPENID}/t`, `/t${OPENID}`]],
  ])('reads authorization-server metadata at %s', async (_, place, asked) => {
    auth.put({ [place]: metadataOf(`${auth.url}/t`) });
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf({ authorization_servers: [`${auth.url}/t`] }) });
    expect((await discover()).server.issuer).toBe(`${auth.url}/t`);
    expect(auth.listRequests()).toEqual(asked.map((path) => `GET ${path}`));
  });

  it.each<[string, ScriptedReply]>([
    ['another issuer', metadataOf('https://attacker.example')],
    ['an invalid document', { body: { issuer: auth.url } }],
    ['an error', { status: 500 }],
    ['a redirect', { status: 301, headers: { location: `${auth.url}${OPENID}` } }],
  ])('goes on to the next place of the metadata after %s', async (_, reply) => {
    auth.put({ [SERVER]: reply, [OPENID]: metadataOf(auth.url) });
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    expect((await discover()).server.issuer).toBe(auth.url);
  });

  it('takes the first authorization server that can be used', async () => {
    const servers = ['http://10.0.0.1', `${auth.url}/none`, auth.url, `${auth.url}/more`];
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf({ authorization_servers: servers }) });
    expect((await discover()).server.issuer).toBe(auth.url);
  });
});

describe('discovery of a server of revision 2025-03-26', () => {
  it.each(['', '/'])('takes the metadata at its root, which names the origin with %j', async (end) => {
    putAtServer({ [SERVER]: metadataOf(`${mcp.url}${end}`) });
    const found = await discover();
    expect(found).toMatchObject({ resource: URL_OF_SERVER, resourceScopes: null });
    expect(found.server).toMatchObject({ issuer: `${mcp.url}${end}`, tokenEndpoint: `${auth.url}/token` });
    expect(auth.requests).toEqual([]);
  });

  it('takes the default endpoints where there is no metadata', async () => {
    putAtServer({});
    const { server } = await discover();
    expect(server).toMatchObject({
      issuer: mcp.url,
      authorizationEndpoint: `${mcp.url}/authorize`,
      tokenEndpoint: `${mcp.url}/token`,
      registrationEndpoint: `${mcp.url}/register`,
    });
    const places = [`${RESOURCE}/mcp`, RESOURCE, SERVER, OPENID];
    expect(mcp.listRequests()).toEqual(['POST /mcp', ...places.map((path) => `GET ${path}`)]);
  });

  it('leaves a query out of the resource', async () => {
    mcp.put({ 'POST /mcp?key=1': REFUSED });
    expect((await discover(null, `${URL_OF_SERVER}?key=1`)).resource).toBe(URL_OF_SERVER);
    expect(mcp.listRequests()).toContain(`GET ${RESOURCE}/mcp?key=1`);
  });

  it.each(['Bearer', 'Bearer scope="s"', 'Basic', 'no challenge?'])(
    'takes them for the challenge %j of a caller only once the server has refused a request itself',
    async (challenge) => {
      putAtServer({});
      expect((await discover(challenge)).server.issuer).toBe(mcp.url);
      const places = [`${RESOURCE}/mcp`, RESOURCE].map((path) => `GET ${path}`);
      expect(mcp.listRequests().slice(0, 3)).toEqual([...places, 'POST /mcp']);
    },
  );

  it.each([200, 403, 404])('is no web site that answers %i, whatever challenge a caller has', async (status) => {
    mcp.put({ 'POST /mcp': { status, headers: { 'www-authenticate': 'Bearer' } }, [SERVER]: metadataOf(mcp.url) });
    await expect(discover('Bearer')).rejects.toEqual(notConnectable('challenge', 'not_protected'));
  });

  it('keeps no default endpoints: they were read nowhere', async () => {
    putAtServer({});
    await discover();
    await expect(discovery.readServer(mcp.url)).rejects.toEqual(
      notConnectable('authorization_server_metadata', 'no_metadata'),
    );
  });

  it.each<[ScriptedReply, NotConnectableReason]>([
    [metadataOf('https://attacker.example'), 'issuer_mismatch'],
    [{ status: 500 }, 'server_error'],
    [{ status: 302 }, 'redirected'],
    [{ fault: 'reset' }, 'unreachable'],
    [metadataOf(mcp.url, { code_challenge_methods_supported: null }), 'pkce_unsupported'],
  ])('does not take them for metadata that fails: %j', async (reply, reason) => {
    putAtServer({ [SERVER]: reply });
    await expect(discover()).rejects.toEqual(notConnectable('authorization_server_metadata', reason));
  });
});

describe('a server that cannot be connected', () => {
  it.each<[string, ScriptedReply, string, NotConnectableReason]>([
    ['asks for no token', { status: 200 }, 'challenge', 'not_protected'],
    ['is not there', { status: 404 }, 'challenge', 'not_protected'],
    ['fails', { status: 503 }, 'challenge', 'server_error'],
    ['redirects', { status: 307, headers: { location: '/elsewhere' } }, 'challenge', 'redirected'],
    ['resets the connection', { fault: 'reset' }, 'challenge', 'unreachable'],
    ['names metadata nowhere', challenged('Bearer resource_metadata="/relative"'), 'challenge', 'url_not_allowed'],
    [
      'names metadata at a forbidden place',
      challenged('Bearer resource_metadata="http://10.0.0.1/"'),
      'challenge',
      'url_not_allowed',
    ],
    [
      'names a place without metadata',
      challenged(`Bearer resource_metadata="${mcp.url}/none"`),
      'resource_metadata',
      'no_metadata',
    ],
  ])('%s', async (_, reply, step, reason) => {
    mcp.put({ 'POST /mcp': reply });
    await expect(discover()).rejects.toEqual(notConnectable(step, reason));
  });

  it.each<[string, ScriptedReply, NotConnectableReason]>([
    ['is of another resource', resourceOf({ resource: 'https://mcp.example.com/mcp' }), 'resource_mismatch'],
    ['is of a sibling', resourceOf({ resource: `${URL_OF_SERVER}2` }), 'resource_mismatch'],
    ['names no authorization server', resourceOf({ authorization_servers: [] }), 'no_authorization_server'],
    [
      'names only forbidden ones',
      resourceOf({ authorization_servers: ['http://10.0.0.1'] }),
      'no_authorization_server',
    ],
    ['is not valid', { body: { resource: 1 } }, 'invalid_metadata'],
    ['is too large', { body: Buffer.alloc(300_000, ' ') }, 'invalid_reply'],
    ['is encoded in an unknown way', { headers: { 'content-encoding': 'x' }, body: 'x' }, 'invalid_reply'],
    ['ends early', { fault: 'reset halfway' }, 'unreachable'],
    ['is refused for a while', { status: 429 }, 'server_error'],
    ['fails', { status: 500 }, 'server_error'],
    ['redirects', { status: 301, headers: { location: `${mcp.url}/x` } }, 'redirected'],
  ])('has metadata that %s', async (_, reply, reason) => {
    putAtServer({ [`${RESOURCE}/mcp`]: reply });
    await expect(discover()).rejects.toEqual(notConnectable('resource_metadata', reason));
    expect(auth.requests).toEqual([]);
  });

  it('is not looked for at the root while the place with its path fails', async () => {
    putAtServer({ [`${RESOURCE}/mcp`]: { status: 503 }, [RESOURCE]: resourceOf() });
    await expect(discover()).rejects.toEqual(notConnectable('resource_metadata', 'server_error'));
    expect(mcp.listRequests()).toEqual(['POST /mcp', `GET ${RESOURCE}/mcp`]);
  });

  it('has an authorization server that is not asked again after its host failed', async () => {
    auth.put({ [SERVER]: { fault: 'reset' }, [OPENID]: metadataOf(auth.url) });
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    await expect(discover()).rejects.toEqual(notConnectable('authorization_server_metadata', 'unreachable'));
    expect(auth.requests).toHaveLength(1);
  });

  it.each([200, 403])('has a challenge that counts with 401 only, not with %i', async (status) => {
    const reply = challenged(`Bearer resource_metadata="${mcp.url}/meta"`);
    mcp.put({ 'POST /mcp': { ...reply, status }, '/meta': resourceOf() });
    await expect(discover()).rejects.toEqual(notConnectable('challenge', 'not_protected'));
  });

  it.each<[string, ScriptedReply, NotConnectableReason]>([
    ['names another issuer', metadataOf('https://attacker.example'), 'issuer_mismatch'],
    ['names the issuer with a slash', metadataOf(`${auth.url}/`), 'issuer_mismatch'],
    ['offers no PKCE', metadataOf(auth.url, { code_challenge_methods_supported: undefined }), 'pkce_unsupported'],
    ['offers no code flow', metadataOf(auth.url, { grant_types_supported: [] }), 'code_flow_unsupported'],
    ['names a forbidden endpoint', metadataOf(auth.url, { token_endpoint: 'http://10.0.0.1/' }), 'url_not_allowed'],
    ['is not valid', { body: { issuer: auth.url } }, 'invalid_metadata'],
    ['is a page', { body: '<html>' }, 'no_metadata'],
    ['is a list', { body: '[]' }, 'no_metadata'],
    ['is null', { body: 'null' }, 'no_metadata'],
    ['is created', { ...metadataOf(auth.url), status: 201 }, 'no_metadata'],
    ['fails', { status: 500 }, 'server_error'],
    ['redirects', { status: 302, headers: { location: `${auth.url}/x` } }, 'redirected'],
    ['is too large', { body: Buffer.alloc(300_000, ' ') }, 'invalid_reply'],
    ['never comes', { fault: 'reset' }, 'unreachable'],
  ])('has an authorization server whose metadata %s', async (_, reply, reason) => {
    auth.put({ [SERVER]: reply });
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    await expect(discover()).rejects.toEqual(notConnectable('authorization_server_metadata', reason));
  });

  it('is asked at a bounded number of places', async () => {
    const servers = Array.from({ length: 32 }, (_, index) => `${auth.url}/${index}`);
    putAtServer({ [RESOURCE]: resourceOf({ authorization_servers: servers }) });
    await expect(discover()).rejects.toEqual(notConnectable('authorization_server_metadata', 'no_metadata'));
    expect([mcp.requests.length, auth.requests.length]).toEqual([3, 9]);
  });

  it('repeats nothing of an answer in the error', async () => {
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf({ resource: 'https://canary.example/', more: 'canary' }) });
    const error = (await endOf(discover())) as Error;
    expect(JSON.stringify([error, error.message, String(error.stack)])).not.toContain('canary');
  });
});

describe('a URL of the caller that may not be called', () => {
  it.each([
    'http://10.0.0.1/mcp',
    'https://user@mcp.example.com/',
    `${mcp.url}/a/../mcp`,
    `${mcp.url}/a%2fb`,
    `${URL_OF_SERVER}#x`,
    'not a url',
  ])('%j is the caller’s error, and nothing is sent', async (url) => {
    await expect(discover(null, url)).rejects.toMatchObject({ code: 'url_not_allowed' });
    expect(mcp.requests).toEqual([]);
  });

  it('in its challenge is the caller’s error', async () => {
    await expect(discover('Bearer resource_metadata="http://10.0.0.1/"')).rejects.toMatchObject({
      code: 'url_not_allowed',
    });
    expect(mcp.requests).toEqual([]);
  });
});

describe('readIssuerNow', () => {
  const readIssuer = (current: string) => readIssuerNow(URL_OF_SERVER, current);

  it('gives the issuer that is named now, past the cache', async () => {
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf() });
    await discover();
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf({ authorization_servers: ['https://new.example.com'] }) });
    expect(await readIssuer(auth.url)).toBe('https://new.example.com');
  });

  it('gives the present one while it is among those that are named', async () => {
    const servers = ['https://new.example.com', auth.url];
    putAtServer({ [`${RESOURCE}/mcp`]: resourceOf({ authorization_servers: servers }) });
    expect([await readIssuer(auth.url), await readIssuer('https://other.example')]).toEqual([
      auth.url,
      'https://new.example.com',
    ]);
  });

  it('follows the challenge', async () => {
    mcp.put({ 'POST /mcp': challenged(`Bearer resource_metadata="${mcp.url}/meta"`), '/meta': resourceOf() });
    expect(await readIssuer('x')).toBe(auth.url);
  });

  it.each<[string, Places]>([
    ['there is no metadata', {}],
    ['the metadata fails', { [`${RESOURCE}/mcp`]: { status: 500 } }],
    ['the metadata is of another resource', { [RESOURCE]: resourceOf({ resource: 'https://evil.example' }) }],
    ['the server cannot be reached', { 'POST /mcp': { fault: 'reset' } }],
  ])('gives null where %s', async (_, places) => {
    putAtServer(places);
    expect(await readIssuer(auth.url)).toBeNull();
  });

  it('gives null for a resource that may not be called', async () => {
    expect(await readIssuerNow('http://10.0.0.1/', 'x')).toBeNull();
  });
});

describe('readServer', () => {
  it('reads an issuer once, then from the cache', async () => {
    const first = await discovery.readServer(auth.url);
    auth.put({});
    expect(await discovery.readServer(auth.url)).toEqual(first);
    expect(auth.requests).toEqual([]);
  });

  it.each(['http://10.0.0.1', `${auth.url}?x=1`, `${auth.url}/a/../b`, ''])('refuses %j unasked', async (issuer) => {
    await expect(discovery.readServer(issuer)).rejects.toEqual(
      notConnectable('authorization_server_metadata', 'url_not_allowed'),
    );
    expect(auth.requests).toEqual([]);
  });

  it('never gives the metadata of one issuer for another, however they are asked', async () => {
    const victim = `${auth.url}/victim`;
    const evil = metadataOf(victim, { token_endpoint: `${auth.url}/evil` });
    auth.put({ [`${SERVER}/victim`]: metadataOf(victim), [SERVER]: evil, [`${SERVER}/evil`]: evil });
    await endOf(discovery.readServer(auth.url));
    await endOf(discovery.readServer(`${auth.url}/evil`));
    expect((await discovery.readServer(victim)).tokenEndpoint).toBe(`${auth.url}/token`);
    await endOf(discovery.readServer(`${auth.url}/evil`));
    expect((await discovery.readServer(victim)).tokenEndpoint).toBe(`${auth.url}/token`);
  });
});
