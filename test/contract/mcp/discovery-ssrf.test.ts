// No hop of discovery reaches a forbidden place (I6): the corpus of forbidden URLs at every hop that a server names, redirects to them,
// and names that resolve to inner addresses, with a listener there that counts connections.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { guardedServerDiscovery } from '../../../lib/adapters/mcp/guarded-server-discovery.ts';
import { guardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { loopbackUrls, neverUrls } from '../../support/http/outbound-urls.ts';
import { memoryIssuerStore } from '../../support/memory/mcp/memory-issuer-store.ts';
import { type MemoryReply, memoryFetch } from '../../support/providers/memory-fetch.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { type Places, startWebPlaces } from '../../support/providers/web-places.ts';

const FORBIDDEN = [...neverUrls, ...loopbackUrls];
const MCP = 'https://mcp.example.net';
const AUTH = 'https://login.example.net';
const META = `${MCP}/.well-known/oauth-protected-resource/mcp`;
const AUTH_META = `${AUTH}/.well-known/oauth-authorization-server`;

const challenge = (metadata: string) => `Bearer resource_metadata="${metadata.replace(/["\\]/g, '\\$&')}"`;
const serverDocument = (given: object = {}) => ({
  issuer: AUTH,
  authorization_endpoint: `${AUTH}/authorize`,
  token_endpoint: `${AUTH}/token`,
  code_challenge_methods_supported: ['S256'],
  ...given,
});
const resourceDocument = (given: object = {}) => ({ resource: `${MCP}/mcp`, authorization_servers: [AUTH], ...given });

/** A header has no line breaks and no text beyond Latin-1, so only a caller can give those. Here a brace stands for each: no URL has one. */
const inHeader = (text: string): string => text.replace(/[^\t -~]/g, '{');

const replies = (given: Record<string, MemoryReply> = {}): Record<string, MemoryReply> => ({
  [`${MCP}/mcp`]: { status: 401 },
  [META]: { body: resourceDocument() },
  [AUTH_META]: { body: serverDocument() },
  ...given,
});

interface Attack {
  replies?: Record<string, MemoryReply>;
  url?: string;
  challenge?: string;
}

const HOPS: Record<string, (forbidden: string) => Attack> = {
  'the URL of the server': (url) => ({ url }),
  'the challenge of a caller': (url) => ({ challenge: challenge(url) }),
  'the challenge of the server': (url) => ({
    replies: replies({ [`${MCP}/mcp`]: { status: 401, headers: { 'www-authenticate': challenge(inHeader(url)) } } }),
  }),
  'the authorization server': (url) => ({
    replies: replies({ [META]: { body: resourceDocument({ authorization_servers: [url] }) } }),
  }),
  'the resource': (url) => ({ replies: replies({ [META]: { body: resourceDocument({ resource: url }) } }) }),
  'the issuer of the metadata': (url) => ({
    replies: replies({ [AUTH_META]: { body: serverDocument({ issuer: url }) } }),
  }),
  ...Object.fromEntries(
    ['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'registration_endpoint'].map((member) => [
      `the ${member}`,
      (url: string): Attack => ({ replies: replies({ [AUTH_META]: { body: serverDocument({ [member]: url }) } }) }),
    ]),
  ),
};

const attack = async ({ replies: given = replies(), url = `${MCP}/mcp`, challenge: answered }: Attack) => {
  const { fetch, asked } = memoryFetch(given);
  const issuers = memoryIssuerStore();
  const discovery = guardedServerDiscovery({ fetch, policy: 'public', issuers, clock: systemClock });
  const result = await discovery.discover({ url, challenge: answered ?? null }).catch((error: unknown) => error);
  return { asked, result };
};

const isElsewhere = (url: string): boolean => !url.startsWith(`${MCP}/`) && !url.startsWith(`${AUTH}/`);

describe('the corpus of forbidden URLs', () => {
  it('is tried on a server that can be connected', async () => {
    expect((await attack({})).result).toMatchObject({ resource: `${MCP}/mcp`, server: { issuer: AUTH } });
    expect(FORBIDDEN.length).toBeGreaterThan(80);
  });

  it.each(Object.keys(HOPS))('as %s leads to no request, and to a refusal', async (hop) => {
    for (const forbidden of FORBIDDEN) {
      const { asked, result } = await attack((HOPS[hop] as (url: string) => Attack)(forbidden));
      expect(asked.filter(isElsewhere), forbidden).toEqual([]);
      // Empty, it is no value at all.
      if (forbidden !== '') expect(result, forbidden).toBeInstanceOf(ServiceError);
    }
  });
});

describe('an inner address', () => {
  let connections = 0;
  const inner = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  const server = startWebPlaces();
  afterAll(async () => {
    inner.close();
    (await server).close();
  });
  beforeEach(() => {
    connections = 0;
  });

  const start = async () => {
    if (!inner.listening) await once(inner, 'listening');
    const { port } = inner.address() as { port: number };
    const lookup = async (name: string) => [{ address: name === 'inner.example.net' ? '127.0.0.1' : '127.0.0.2' }];
    const fetch = guardedFetch({ policy: 'local', timeoutMilliseconds: 20_000, lookup });
    const discovery = guardedServerDiscovery({
      fetch,
      policy: 'local',
      issuers: memoryIssuerStore(),
      clock: systemClock,
    });
    return {
      discovery,
      web: await server,
      inside: `https://inner.example.net:${port}`,
      redirect: `http://127.0.0.1:${port}/`,
    };
  };

  it('behind a public name is refused at each hop without a connection', async () => {
    const { discovery, web, inside } = await start();
    const url = `${web.url}/mcp`;
    const meta = '/.well-known/oauth-protected-resource/mcp';
    const at = { 'POST /mcp': { status: 401 } };
    const named = { body: { resource: url, authorization_servers: [inside] } };
    const ends: unknown[] = [];
    const end = (work: Promise<unknown>) => work.catch((error: ServiceError) => ends.push([error.code, error.members]));
    await end(discovery.discover({ url: `${inside}/mcp`, challenge: null }));
    await end(discovery.discover({ url, challenge: challenge(`${inside}/meta`) }));
    web.put({ 'POST /mcp': { status: 401, headers: { 'www-authenticate': challenge(`${inside}/meta`) } } });
    await end(discovery.discover({ url, challenge: null }));
    web.put({ ...at, [meta]: named });
    await end(discovery.discover({ url, challenge: null }));
    await end(discovery.readServer(inside));
    const refused = (step: string) => ['server_not_connectable', { step, reason: 'url_not_allowed' }];
    expect(ends).toEqual([
      ['url_not_allowed', {}],
      ['url_not_allowed', {}],
      refused('resource_metadata'),
      refused('authorization_server_metadata'),
      refused('authorization_server_metadata'),
    ]);
    expect(connections).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('is not reached by a redirect (%i) at any hop', async (status) => {
    const { discovery, web, redirect } = await start();
    const reply: ScriptedReply = { status, headers: { location: redirect } };
    const url = `${web.url}/mcp`;
    const meta = '/.well-known/oauth-protected-resource/mcp';
    const found = { body: { resource: url, authorization_servers: [web.url] } };
    const hops: Places[] = [
      { 'POST /mcp': reply },
      { 'POST /mcp': { status: 401 }, [meta]: reply },
      { 'POST /mcp': { status: 401 }, [meta]: found, '/.well-known/oauth-authorization-server': reply },
    ];
    for (const places of hops) {
      web.put(places);
      await expect(discovery.discover({ url, challenge: null })).rejects.toMatchObject({
        members: { reason: 'redirected' },
      });
    }
    expect(connections).toBe(0);
  });
});
