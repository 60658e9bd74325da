// An operator's issuer whose answers are hostile: no request leaves for a forbidden place, no redirect is followed, nothing is taken
// from a document that fails a check, and every question ends in time.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { issuerQuestion } from '../../../lib/adapters/mcp/ask-issuer.ts';
import { guardedServerDiscovery } from '../../../lib/adapters/mcp/guarded-server-discovery.ts';
import { guardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import type { NotConnectableReason } from '../../../lib/domain/mcp/not-connectable.ts';
import { loopbackUrls, neverUrls } from '../../support/http/outbound-urls.ts';
import { memoryIssuerStore } from '../../support/memory/mcp/memory-issuer-store.ts';
import { type MemoryReply, memoryFetch } from '../../support/providers/memory-fetch.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { startWebPlaces } from '../../support/providers/web-places.ts';

const ISSUER = 'https://id.example.net/realms/one';
const RFC8414 = '/.well-known/oauth-authorization-server';
const PLACES = [
  'https://id.example.net/.well-known/oauth-authorization-server/realms/one',
  'https://id.example.net/.well-known/openid-configuration/realms/one',
  'https://id.example.net/realms/one/.well-known/openid-configuration',
];
const FORBIDDEN = [...neverUrls, ...loopbackUrls];
const LONG = () => AbortSignal.timeout(60_000);

const documentOf = (issuer: string, given: object = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  code_challenge_methods_supported: ['S256'],
  ...given,
});
const refusal = (reason: NotConnectableReason) => ({
  code: 'server_not_connectable',
  members: { step: 'authorization_server_metadata', reason },
});

const askInMemory = async (replies: Record<string, MemoryReply>, issuer = ISSUER) => {
  const { fetch, asked } = memoryFetch(replies);
  const ask = issuerQuestion({ fetch, policy: 'public' });
  const result = await ask(issuer, LONG()).catch((error: unknown) => error);
  return { asked, result };
};

describe('the places of an issuer', () => {
  it.each(PLACES)('are asked in order, up to %s', async (place) => {
    const { asked, result } = await askInMemory({ [place]: { body: documentOf(ISSUER) } });
    expect(result).toMatchObject({ issuer: ISSUER, tokenEndpoint: `${ISSUER}/token` });
    expect(asked).toEqual(PLACES.slice(0, PLACES.indexOf(place) + 1));
  });

  it('need not list PKCE, but a list has S256', async () => {
    const [place = ''] = PLACES;
    const listing = (methods: unknown) => ({
      [place]: { body: documentOf(ISSUER, { code_challenge_methods_supported: methods }) },
    });
    expect((await askInMemory(listing(undefined))).result).toMatchObject({ issuer: ISSUER });
    expect((await askInMemory(listing(['plain']))).result).toMatchObject(refusal('pkce_unsupported'));
    expect((await askInMemory(listing([]))).result).toMatchObject(refusal('pkce_unsupported'));
  });
});

describe('metadata that lists no PKCE', () => {
  it('is not taken for that of an MCP server, also not from the cache', async () => {
    const body = documentOf(ISSUER, { code_challenge_methods_supported: undefined });
    const { fetch } = memoryFetch({ [PLACES[0] ?? '']: { body } });
    const issuers = memoryIssuerStore();
    const discovery = guardedServerDiscovery({ fetch, policy: 'public', issuers, clock: systemClock });
    await expect(discovery.readServer(ISSUER)).rejects.toMatchObject(refusal('pkce_unsupported'));
    const server = await issuerQuestion({ fetch, policy: 'public' })(ISSUER, LONG());
    await issuers.writeCachedServer({ server, readAt: systemClock.now() });
    await expect(discovery.readServer(ISSUER)).rejects.toMatchObject(refusal('pkce_unsupported'));
  });
});

describe('the corpus of forbidden URLs', () => {
  it('as the issuer leads to no request', async () => {
    for (const forbidden of FORBIDDEN) {
      const { asked, result } = await askInMemory({}, forbidden);
      expect(asked, forbidden).toEqual([]);
      expect(result, forbidden).toMatchObject(refusal('url_not_allowed'));
    }
  });

  it.each(['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'device_authorization_endpoint'])(
    'as the %s is refused with the whole document',
    async (member) => {
      for (const forbidden of FORBIDDEN) {
        const body = documentOf(ISSUER, { [member]: forbidden });
        const { asked, result } = await askInMemory(Object.fromEntries(PLACES.map((place) => [place, { body }])));
        expect(asked, forbidden).toEqual(PLACES);
        expect(result, forbidden).toMatchObject({ code: 'server_not_connectable' });
      }
    },
  );
});

describe('a document of another issuer', () => {
  it.each([
    'https://attacker.example.net',
    'https://id.example.net',
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    `${ISSUER}/../two`,
    'https://id.example.net:443/realms/one',
    'http://id.example.net/realms/one',
  ])('is refused: %s', async (issuer) => {
    const { result } = await askInMemory({ [PLACES[0] ?? '']: { body: { ...documentOf(ISSUER), issuer } } });
    expect(result).toMatchObject(refusal('issuer_mismatch'));
  });

  it('does not hide the right one at a later place', async () => {
    const [first = '', second = ''] = PLACES;
    const replies = { [first]: { body: documentOf('https://id.example.net') }, [second]: { body: documentOf(ISSUER) } };
    expect((await askInMemory(replies)).result).toMatchObject({ issuer: ISSUER });
  });
});

describe('an issuer on the wire', async () => {
  const web = await startWebPlaces();
  const elsewhere = await startWebPlaces();
  let connections = 0;
  const inner = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const { port } = inner.address() as { port: number };
  afterAll(() => {
    web.close();
    elsewhere.close();
    inner.close();
  });

  const question = (timeoutMilliseconds = 20_000) =>
    issuerQuestion({ fetch: guardedFetch({ policy: 'local', timeoutMilliseconds }), policy: 'local' });

  it.each<[string, ScriptedReply, NotConnectableReason]>([
    ['is too large', { body: Buffer.alloc(300_000, ' ') }, 'invalid_reply'],
    ['is encoded in an unknown way', { headers: { 'content-encoding': 'x' }, body: 'x' }, 'invalid_reply'],
    ['ends early', { fault: 'reset halfway' }, 'unreachable'],
    ['is a reset', { fault: 'reset' }, 'unreachable'],
    ['is a list', { body: '[]' }, 'no_metadata'],
    ['is a page', { body: '<html></html>', headers: { 'content-type': 'text/html' } }, 'no_metadata'],
    ['has an issuer that is no text', { body: { ...documentOf('x'), issuer: [] } }, 'invalid_metadata'],
    [
      'has a very long endpoint',
      { body: documentOf(web.url, { token_endpoint: `${web.url}/${'a'.repeat(4000)}` }) },
      'invalid_metadata',
    ],
    ['asks to wait', { status: 429 }, 'server_error'],
    ['is a fault', { status: 500 }, 'server_error'],
  ])('whose answer %s is refused', async (_, reply, reason) => {
    web.put({ [RFC8414]: reply });
    await expect(question()(web.url, LONG())).rejects.toMatchObject(refusal(reason));
  });

  it.each([301, 302, 303, 307, 308])('whose answer is a redirect (%i) leads nowhere', async (status) => {
    elsewhere.put({ '/': { body: documentOf(web.url) } });
    for (const location of [`${elsewhere.url}/`, `http://127.0.0.1:${port}/`]) {
      web.put({ [RFC8414]: { status, headers: { location } } });
      await expect(question()(web.url, LONG())).rejects.toMatchObject(refusal('redirected'));
    }
    expect([elsewhere.requests, connections]).toEqual([[], 0]);
  });

  it.each(['silent', 'slow'] as const)(
    'that is %s ends the question in time, and is asked at one place only',
    async (fault) => {
      web.put({ [RFC8414]: { fault } });
      await expect(question(300)(web.url, LONG())).rejects.toMatchObject(refusal('too_slow'));
      expect(web.requests).toHaveLength(1);
    },
  );

  it('that answers nothing ends when the signal does', async () => {
    web.put({ [RFC8414]: { fault: 'silent' } });
    await expect(question()(web.url, AbortSignal.timeout(300))).rejects.toMatchObject(refusal('too_slow'));
  });

  it('whose public name has an inner address is refused without a connection', async () => {
    const lookup = async () => [{ address: '127.0.0.1' }];
    const ask = issuerQuestion({
      fetch: guardedFetch({ policy: 'local', timeoutMilliseconds: 20_000, lookup }),
      policy: 'local',
    });
    await expect(ask(`https://inner.example.net:${port}`, LONG())).rejects.toMatchObject(refusal('url_not_allowed'));
    expect(connections).toBe(0);
  });
});
