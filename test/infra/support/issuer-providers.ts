// Providers that the operator names by their issuers alone, so that each function opens what another one has read and sealed: one that starts
// where another started before, one that completes what a start found, and those that refresh a grant that keeps no endpoints.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import type { McpStub } from '../../support/mcp/mcp-stub.ts';
import { type Connector, receiptFor } from '../../support/providers/connect-flow.ts';

interface Engines {
  keyhold: Keyhold;
  servers: McpStub;
}

type Call = (method: string, path: string, body: object) => Promise<Reply>;

/** The first is read first by starts of users and workers, the second by those of links. */
const NAMES = ['first_issuer', 'second_issuer'] as const;
const [FIRST, SECOND] = NAMES;

/** The entries, with clients that the issuers know. */
export const makeIssuerEntries = async (servers: McpStub): Promise<Record<string, object>> => {
  const entries = NAMES.map(async (name) => {
    const answer = await fetch(`${servers.issuer(name)}/register`, { method: 'POST', body: '{}' });
    const { client_id: clientId, client_secret: clientSecret } = (await answer.json()) as Record<string, string>;
    return [name, { issuer: servers.issuer(name), clientId, clientSecret }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

/** The code is for no resource, so the issuer refuses it: by then, the endpoints were opened. */
const complete = async (
  { keyhold, servers }: Engines,
  { state, url }: { state: string; url: string | URL },
  send: (step: object) => Promise<Reply>,
): Promise<void> => {
  const receipt = await receiptFor(keyhold, [...(await servers.approve(url))]);
  expect((await send({ state, receipt })).json.code).toBe('provider_rejected');
};

/** Starts at the issuer that only starts of users and workers have used. */
export const startAtFirst = async (engines: Engines, user: Connector): Promise<void> => {
  await complete(engines, await user.begin({ provider: FIRST }), (step) => user.complete({ ...step }));
};

/** By a link: both. */
export const startByLink = async (engines: Engines, call: Call): Promise<void> => {
  for (const provider of NAMES) {
    const { json, status, text } = await call('POST', '/connections', { provider });
    expect(status, text).toBe(201);
    const flow = { state: json.state, url: json.authorizationUrl };
    await complete(engines, flow, (step) => call('POST', '/connections/complete', step));
  }
};

const seconds = (count: number): string => new Date(Date.now() + count * 1000).toISOString();

/** Starts at the issuer that a link has used; then grants that keep no endpoints are refreshed, when asked and by the sweep. */
export const useSecond = async ({ keyhold, servers }: Engines, user: Connector, sweptAfter: number): Promise<void> => {
  await user.begin({ provider: SECOND });
  const theirs = `/v1/users/${user.userId}`;
  const tokens = { accessToken: 'a1', refreshToken: 'r1', scopes: [] };
  const brought = { ...tokens, type: 'oauth2', provider: SECOND, id: 'brought', accessTokenExpiresAt: seconds(3_600) };
  expect((await keyhold.worker.call('POST', `${theirs}/credentials`, brought)).status).toBe(201);
  const refreshed = servers.sentTo(SECOND, 'token').length;
  await sleep(1_100);
  await user.resolve({ credentialId: brought.id, minTtlSeconds: 3_599 });
  await vi.waitUntil(() => servers.sentTo(SECOND, 'token').length > refreshed, { timeout: 60_000, interval: 100 });
  await importSwept({ keyhold, servers }, user, sweptAfter);
};

/** A grant of the operator's client that was made elsewhere: its endpoints are compared with what was read of the issuer. */
const importSwept = async ({ keyhold, servers }: Engines, user: Connector, sweptAfter: number): Promise<void> => {
  const issuer = servers.issuer(SECOND);
  const { clientId } = (await readEntries(keyhold))[SECOND] ?? {};
  const server = {
    ...{ issuer, authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/token` },
    ...{ revocationEndpoint: null, clientAuth: 'client_secret_basic', client: 'operator', namesIssuer: true },
    ...{ redirectUri: `${keyhold.url}/v1/oauth/callback`, resource: servers.serverUrl(SECOND) },
  };
  const secret = { accessToken: 'a1', refreshToken: 'r1', clientId, server };
  const credential = {
    id: 'imported',
    provider: 'mcp',
    type: 'oauth2',
    scopes: [],
    expiresAt: seconds(sweptAfter),
    secret,
  };
  const document = { format: 'keyhold', document: { credentials: [credential] } };
  const { json } = await keyhold.worker.call('POST', `/v1/users/${user.userId}/import`, document);
  expect(json.imported).toEqual(['imported']);
  const swept = servers.sentTo(SECOND, 'token').length;
  expect((await user.resolve({ credentialId: 'imported', minTtlSeconds: 0 })).status).toBe(200);
  await vi.waitUntil(() => servers.sentTo(SECOND, 'token').length > swept, { timeout: 60_000, interval: 100 });
};

const readEntries = async ({ home }: Keyhold): Promise<Record<string, { clientId: string }>> => {
  return JSON.parse(await readFile(`${home}/secrets/oauth-clients.json`, 'utf8'));
};
