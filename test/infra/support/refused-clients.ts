// MCP servers that lose their registrations, so that each function that calls a token endpoint notes a refused client: by a code, by a
// refresh that is handed over, by the sweep, and by a link.
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, vi } from 'vitest';
import { registeredClientKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import type { McpStub } from '../../support/mcp/mcp-stub.ts';
import { type Connector, receiptFor } from '../../support/providers/connect-flow.ts';

interface Engines {
  keyhold: Keyhold;
  servers: McpStub;
  table: DynamoDBDocumentClient;
}

/** A server with an authorization server of its own. */
interface LosingServer {
  name: string;
  mcpServerUrl: string;
  redirectUri: string;
}

const addServer = ({ servers }: Engines, userId: string, way: string): Omit<LosingServer, 'redirectUri'> => {
  const name = `${userId}_${way}`.replaceAll('-', '_');
  servers.settings.issuers.set(name, name);
  return { name, mcpServerUrl: servers.serverUrl(name) };
};

const approve = async ({ keyhold, servers }: Engines, state: string, authorizationUrl: string | URL) => {
  const redirectUri = new URL(authorizationUrl).searchParams.get('redirect_uri') ?? '';
  const receipt = await receiptFor(keyhold, [...(await servers.approve(authorizationUrl))]);
  return { redirectUri, step: { state, receipt } };
};

const waitForNote = ({ servers, table }: Engines, { name, redirectUri }: LosingServer): Promise<unknown> => {
  const key = registeredClientKey({ issuer: servers.issuer(name), redirectUri });
  const read = async () => (await table.send(new GetCommand({ TableName: 'keyhold', Key: key }))).Item;
  return vi.waitUntil(async () => (await read())?.refusedAt !== undefined, { timeout: 60_000, interval: 100 });
};

const connect = async (engines: Engines, user: Connector, way: string): Promise<LosingServer & { id: string }> => {
  const server = addServer(engines, user.userId, way);
  const { state, url } = await user.begin({ provider: undefined, mcpServerUrl: server.mcpServerUrl });
  const { redirectUri, step } = await approve(engines, state, url);
  const { status, json, text } = await user.complete(step);
  expect(status, text).toBe(201);
  return { ...server, redirectUri, id: json.id };
};

/** A code that comes back when the client is no longer known. */
const refuseCode = async (engines: Engines, user: Connector): Promise<void> => {
  const { name, mcpServerUrl } = addServer(engines, user.userId, 'code');
  const { state, url } = await user.begin({ provider: undefined, mcpServerUrl });
  const { redirectUri, step } = await approve(engines, state, url);
  engines.servers.forgetClients(name);
  expect((await user.complete(step)).json.code).toBe('provider_rejected');
  await waitForNote(engines, { name, mcpServerUrl, redirectUri });
};

/** Runs it for one user on its plane. `sweptAfter`: how long a token lives that the sweep renews (seconds). */
export const useRefusedClients = async (engines: Engines, user: Connector, sweptAfter: number): Promise<void> => {
  const { servers } = engines;
  await refuseCode(engines, user);
  const due = await connect(engines, user, 'due');
  servers.forgetClients(due.name);
  await sleep(1_100);
  // The refresh is handed over; its refusal may come before the answer.
  await user.resolve({ credentialId: due.id, minTtlSeconds: 3_599 });
  await waitForNote(engines, due);
  servers.settings.expiresIn = sweptAfter;
  const swept = await connect(engines, user, 'swept');
  servers.forgetClients(swept.name);
  expect((await user.resolve({ credentialId: swept.id, minTtlSeconds: 0 })).status).toBe(200);
  await waitForNote(engines, swept);
  servers.settings.expiresIn = 3_600;
};

/** The same by a link, which only completes. */
export const useRefusedClientByLink = async (
  engines: Engines,
  call: (method: string, path: string, body: object) => Promise<Reply>,
  userId: string,
): Promise<void> => {
  const { name, mcpServerUrl } = addServer(engines, userId, 'link');
  const { json } = await call('POST', '/connections', { mcpServerUrl });
  const { redirectUri, step } = await approve(engines, json.state, json.authorizationUrl);
  engines.servers.forgetClients(name);
  expect((await call('POST', '/connections/complete', step)).json.code).toBe('provider_rejected');
  await waitForNote(engines, { name, mcpServerUrl, redirectUri });
};
