// Uses everything a caller can use, once on each plane, so that every function makes each of its AWS calls.
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, vi } from 'vitest';
import { credentialKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import { openLink } from '../../support/http/link-in-browser.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import type { McpStub } from '../../support/mcp/mcp-stub.ts';
import { type Connector, comeBack, connect, receiptFor } from '../../support/providers/connect-flow.ts';
import type { MisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';
import { startAtFirst, startByLink, useSecond } from './issuer-providers.ts';
import { useRefusedClientByLink, useRefusedClients } from './refused-clients.ts';

/** The server, and what stands behind it. */
export interface Engines {
  keyhold: Keyhold;
  provider: MisbehavingProvider;
  servers: McpStub;
  table: DynamoDBDocumentClient;
}

const API_KEY = { type: 'api_key', provider: 'openai', apiKey: 'sk-1234567890', title: 'Mine' };

const expectStatus = (reply: Reply, ...statuses: number[]): Reply => {
  expect(statuses, reply.text).toContain(reply.status);
  return reply;
};

/** Removes the index key of a credential: a list then looks for it in the table. */
const damageIndex = (table: DynamoDBDocumentClient, userId: string, id: string): Promise<unknown> =>
  table.send(
    new UpdateCommand({ TableName: 'keyhold', Key: credentialKey(userId, id), UpdateExpression: 'REMOVE lookup' }),
  );

const useStaticCredentials = async (
  { keyhold, table }: Engines,
  { userId }: Connector,
  isUser: boolean,
): Promise<void> => {
  const [caller, base] = isUser ? [keyhold.user(userId), '/v1/me'] : [keyhold.worker, `/v1/users/${userId}`];
  const at = `${base}/credentials`;
  expectStatus(await caller.call('GET', at), 200);
  expectStatus(await caller.call('POST', at, { ...API_KEY, id: 'k' }), 201);
  expectStatus(await caller.call('POST', at, { ...API_KEY, id: 'k' }), 409);
  await damageIndex(table, userId, 'k');
  expect(expectStatus(await caller.call('GET', at), 200).json.credentials).toMatchObject([{ id: 'k' }, {}]);
  expectStatus(await caller.call('GET', `${at}/k`), 200);
  expectStatus(await caller.call('PUT', `${at}/k`, { ...API_KEY, apiKey: 'sk-2' }), 200);
  expectStatus(await caller.call('PATCH', `${at}/k`, { title: 'Other' }), 200);
  // Of no provider that is known, so that no check calls one.
  const unknown = { ...API_KEY, provider: 'internal-api' };
  expectStatus(await caller.call('POST', `${at}/check`, unknown), 200);
  expectStatus(await caller.call('POST', at, { ...unknown, id: 'c' }), 201);
  expectStatus(await caller.call('POST', `${at}/c/check`), 200);
  expectStatus(await caller.call('DELETE', `${at}/c`), 200);
  expectStatus(await caller.call('DELETE', `${at}/k`), 200);
};

/** Starts, comes back, completes; again for the same account; on a device; a state that is never completed. */
const useConnections = async (keyhold: Keyhold, provider: MisbehavingProvider, user: Connector): Promise<string> => {
  provider.grants('acme', { access_token: 'a1', refresh_token: 'r1' });
  const { json } = expectStatus(await connect(keyhold, user), 201);
  expectStatus(await connect(keyhold, user), 200);
  expectStatus(await connect(keyhold, user, { credentialId: json.id }), 200);
  const { state } = await user.begin();
  expectStatus(await comeBack(keyhold, { state, error: 'access_denied' }), 200, 303);
  const device = {
    device_code: 'd',
    user_code: 'A',
    verification_uri: `${provider.url}/d`,
    interval: 1,
    expires_in: 60,
  };
  provider.answer('/acme/device', { body: device });
  const started = expectStatus(await user.startDevice({ provider: 'acme' }), 201);
  expectStatus(await user.poll({ state: started.json.state }), 200);
  return json.id;
};

/** A grant whose access token has expired, at a provider that revokes access tokens only: deleting it refreshes it first. */
const addExpired = async ({ worker }: Keyhold, userId: string): Promise<string> => {
  const tokens = { accessToken: 'a1', refreshToken: 'r1', accessTokenExpiresAt: new Date().toISOString(), scopes: [] };
  const grant = { type: 'oauth2', provider: 'chat', id: 'expired', ...tokens };
  expectStatus(await worker.call('POST', `/v1/users/${userId}/credentials`, grant), 201);
  return grant.id;
};

/** An MCP server with an authorization server of its own, so that each function that starts reads and registers for itself. */
const addServer = ({ servers }: Engines, userId: string): string => {
  const name = userId.replaceAll('-', '_');
  servers.settings.issuers.set(name, name);
  return servers.serverUrl(name);
};

/** Connects it; its token is renewed by the function that refreshes, then by the sweep, and revoked. */
const useServer = async (engines: Engines, user: Connector): Promise<void> => {
  const { keyhold, servers } = engines;
  const mcpServerUrl = addServer(engines, user.userId);
  const connectIt = async (expiresIn: number): Promise<string> => {
    servers.settings.expiresIn = expiresIn;
    const { state, url } = await user.begin({ provider: undefined, mcpServerUrl });
    const receipt = await receiptFor(keyhold, [...(await servers.approve(url))]);
    return expectStatus(await user.complete({ state, receipt }), 201).json.id;
  };
  const id = await connectIt(3_600);
  await sleep(1_100);
  expectStatus(await user.resolve({ credentialId: id, minTtlSeconds: 3_599 }), 200);
  const swept = await connectIt(TEN_SECONDS / 1_000);
  expectStatus(await user.resolve({ credentialId: swept, minTtlSeconds: 0 }), 200);
  const before = servers.requests.length;
  await vi.waitUntil(() => servers.requests.length > before, { timeout: 60_000, interval: 100 });
  expectStatus(await user.remove(id), 200);
};

/** The same by a link: started, completed and disconnected. */
const useServerByLink = async (
  engines: Engines,
  link: { call: (method: string, path: string, body?: object) => Promise<Reply> },
  userId: string,
): Promise<void> => {
  const { keyhold, servers } = engines;
  const mcpServerUrl = addServer(engines, userId);
  const { state, authorizationUrl } = expectStatus(await link.call('POST', '/connections', { mcpServerUrl }), 201).json;
  const receipt = await receiptFor(keyhold, [...(await servers.approve(authorizationUrl))]);
  const { id } = expectStatus(await link.call('POST', '/connections/complete', { state, receipt }), 201).json;
  expectStatus(await link.call('DELETE', `/credentials/${id}`), 200);
};

/** By links of a user who is erased in the end: a key, an account in a browser, one on a device; renamed and disconnected. */
const useLinks = async (engines: Engines, userId: string): Promise<void> => {
  const { keyhold, provider, table } = engines;
  const link = await openLink(keyhold, userId, { manage: true });
  expectStatus(await link.call('GET', ''), 200);
  expectStatus(await link.call('POST', '/credentials/check', { ...API_KEY, provider: 'internal-api' }), 200);
  expectStatus(await link.call('POST', '/credentials', { ...API_KEY, id: 'by-link' }), 201);
  await damageIndex(table, userId, 'by-link');
  expectStatus(await link.call('GET', ''), 200);
  expectStatus(await link.call('PATCH', '/credentials/by-link', { title: 'Other' }), 200);
  expectStatus(await link.call('DELETE', '/credentials/by-link'), 200);
  const started = expectStatus(await link.call('POST', '/connections', { provider: 'acme' }), 201);
  const { state } = started.json;
  const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
  const connected = expectStatus(await link.call('POST', '/connections/complete', { state, receipt }), 200, 201);
  const again = { provider: 'acme', credentialId: connected.json.id };
  expectStatus(await link.call('POST', '/connections', again), 201);
  const device = expectStatus(await link.call('POST', '/device-connections', { provider: 'acme' }), 201);
  provider.grants('acme', { access_token: 'a4', refresh_token: 'r4' });
  expectStatus(await link.call('POST', '/device-connections/poll', { state: device.json.state }), 200);
  expectStatus(await link.call('DELETE', `/credentials/${connected.json.id}`), 200);
  const expired = await addExpired(keyhold, userId);
  expectStatus(await link.call('DELETE', `/credentials/${expired}`), 200);
  await useServerByLink(engines, link, userId);
  await useRefusedClientByLink(engines, link.call, userId);
  await startByLink(engines, link.call);
  // The first call claims the link, in each function.
  const other = await openLink(keyhold, userId);
  expectStatus(await other.call('POST', '/connections', { provider: 'acme' }), 201);
  const third = await openLink(keyhold, userId);
  expectStatus(await third.call('POST', '/credentials/check', { ...API_KEY, provider: 'internal-api' }), 200);
  const once = await openLink(keyhold, userId);
  expectStatus(await once.call('POST', '/credentials', { ...API_KEY, id: 'once' }), 201);
  expectStatus(await once.call('GET', ''), 401);
  expectStatus(await keyhold.worker.call('DELETE', `/v1/users/${userId}`), 200);
};

/** Exports a user with a managed key, and imports them as another: with an open flow, and a key that has a variable. */
const useMoving = async (worker: Keyhold['worker'], theirs: string): Promise<void> => {
  const { credentials, managed } = expectStatus(await worker.call('GET', `${theirs}/export`), 200).json;
  const state = { token: 'A'.repeat(43), provider: 'acme', expires_at: 4e9, code_verifier: 'v'.repeat(64) };
  const withVariable = {
    ...API_KEY,
    id: 'v',
    provider: 'internal-api',
    secret: { apiKey: 'k' },
    data: { region: 'eu' },
  };
  const documents = [
    { format: 'keyhold', document: { credentials: [...credentials, withVariable], managed } },
    { format: 'autogpt', document: { oauth_states: [state] } },
  ];
  for (const document of documents) expectStatus(await worker.call('POST', `${theirs}-2/import`, document), 200);
};

/** A worker's own routes, for a user with a connected account. */
const useWorkerRoutes = async ({ worker }: Keyhold, user: Connector, id: string): Promise<void> => {
  const theirs = `/v1/users/${user.userId}`;
  const [system, managed] = ['/v1/system/credentials', `${theirs}/managed-credentials/ayrshare`];
  expectStatus(await worker.call('GET', system), 200);
  expectStatus(await user.resolve({ credentialId: id }), 200);
  expectStatus(await user.resolve({ provider: 'acme' }), 200);
  expectStatus(await user.resolve({ url: 'https://example.com/' }), 404);
  expectStatus(await worker.call('PUT', managed, { secret: 'profile-key' }), 204);
  expectStatus(await worker.call('GET', managed), 200);
  expectStatus(await worker.call('DELETE', managed), 204);
  expectStatus(await worker.call('PUT', managed, { secret: 'profile-key' }), 204);
  await useMoving(worker, theirs);
  const { headers } = expectStatus(await worker.call('GET', `${theirs}/credentials`), 200);
  const edit = { put: [{ ...API_KEY, id: 'e' }], delete: [] };
  expectStatus(await worker.call('POST', `${theirs}/edit`, edit, { 'if-match': String(headers.etag) }), 200);
  const created = expectStatus(
    await worker.call('POST', `${theirs}/oauth-states`, { provider: 'acme', scopes: [] }),
    201,
  );
  const consumed = { token: created.json.token, provider: 'acme' };
  expectStatus(await worker.call('POST', `${theirs}/oauth-states/consume`, consumed), 200);
};

/** A token that is valid and due is renewed by the function that refreshes. */
const handOverRefresh = async (
  keyhold: Keyhold,
  provider: MisbehavingProvider,
  user: Connector,
  id: string,
): Promise<void> => {
  provider.grants('acme', { access_token: 'a3', refresh_token: 'r3', expires_in: 3600 });
  expectStatus(await connect(keyhold, user, { credentialId: id }), 200);
  await sleep(1_100);
  expectStatus(await user.resolve({ credentialId: id, minTtlSeconds: 3_599 }), 200);
};

const TEN_SECONDS = 10_000;

/** A token that is used and soon expires is renewed by the sweep, which takes its first lease. */
const waitForSweep = async (keyhold: Keyhold, provider: MisbehavingProvider, user: Connector): Promise<void> => {
  provider.grants('acme', { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 });
  const accessTokenExpiresAt = new Date(Date.now() + TEN_SECONDS).toISOString();
  const tokens = { accessToken: 'a1', refreshToken: 'r1', accessTokenExpiresAt, scopes: [] };
  const grant = { type: 'oauth2', provider: 'acme', id: 'swept', ...tokens };
  expectStatus(await keyhold.worker.call('POST', `/v1/users/${user.userId}/credentials`, grant), 201);
  const before = provider.requests('/acme/token').length;
  expectStatus(await user.resolve({ credentialId: 'swept', minTtlSeconds: 0 }), 200);
  await vi.waitUntil(() => provider.requests('/acme/token').length > before, { timeout: 60_000, interval: 100 });
};

/** Runs it all for one user, and erases them. */
export const useEverything = async (engines: Engines, user: Connector): Promise<void> => {
  const { keyhold, provider } = engines;
  expectStatus(await keyhold.anonymous.call('GET', '/v1/health'), 200);
  expectStatus(await keyhold.user(user.userId).call('GET', '/v1/providers'), 200);
  await useStaticCredentials(engines, user, user.userId.endsWith('user'));
  const id = await useConnections(keyhold, provider, user);
  await startAtFirst(engines, user);
  await useLinks(engines, `${user.userId}-by-link`);
  await useWorkerRoutes(keyhold, user, id);
  await handOverRefresh(keyhold, provider, user, id);
  await waitForSweep(keyhold, provider, user);
  await useServer(engines, user);
  engines.servers.settings.expiresIn = 3_600;
  await useRefusedClients(engines, user, TEN_SECONDS / 1_000);
  await useSecond(engines, user, TEN_SECONDS / 1_000);
  // An unfinished flow and a credential are there for the erasure.
  await user.begin();
  expectStatus(await connect(keyhold, user, { credentialId: id }), 200);
  if (user.userId.endsWith('user')) {
    expectStatus(await user.remove(id), 200);
    expectStatus(await user.remove(await addExpired(keyhold, user.userId)), 200);
  }
  expectStatus(await user.erase(), 200);
};
