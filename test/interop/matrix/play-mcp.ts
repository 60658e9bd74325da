// The cells that connect an MCP server by its URL: registration, metadata document and `resource`. The MCP server is a stand-in whose
// metadata names the authorization server that is played.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertCell, type Outcome } from './cells.ts';
import { type Connected, callRuntime, connect, describeReply, expectRuntime, type Stage } from './stage.ts';

/** An MCP server that answers 401 without a bearer token, and names `issuer` in its metadata. */
interface McpStandIn {
  url: string;
  server: Server;
}

const startMcpServer = async (issuer: string, scopes: unknown): Promise<McpStandIn> => {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
    const send = (status: number, body: object, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/oauth-protected-resource/mcp') {
      return send(200, { resource: `${origin}/mcp`, authorization_servers: [issuer], scopes_supported: scopes });
    }
    if (request.url !== '/mcp') return send(404, {});
    if (request.headers.authorization) return send(200, { jsonrpc: '2.0', id: 1, result: {} });
    return send(401, {}, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, server };
};

/** Whether this Keyhold connects MCP servers: an older one does not know the field. */
const isBuilt = async (stage: Stage): Promise<boolean> => {
  const reply = await callRuntime(stage, 'probe', ['POST', '/connections'], { mcpServerUrl: 'not a URL' });
  return !JSON.stringify(reply.json?.errors ?? '').includes('unknown field');
};

/** Plays `check` on a connection of an MCP server by its URL. */
const playConnected = async (
  stage: Stage,
  user: string,
  check: (connected: Connected, mcpServerUrl: string) => Promise<Outcome>,
): Promise<Outcome> => {
  if (!(await isBuilt(stage))) return { kind: 'unbuilt' };
  const { issuer, entry } = stage.peer;
  assertCell(issuer !== null, 'no issuer');
  const { url, server } = await startMcpServer(issuer, entry.defaultScopes);
  try {
    return await check(await connect(stage, user, { mcpServerUrl: url }), url);
  } finally {
    server.close();
  }
};

/** The client is one that Keyhold registered. */
export const playRegistration = (stage: Stage): Promise<Outcome> =>
  playConnected(stage, 'registration-alice', async ({ authorizationUrl }) => {
    const clientId = authorizationUrl.searchParams.get('client_id');
    assertCell(clientId !== null && clientId !== stage.peer.entry.clientId, `the client is ${clientId}`);
    return { kind: 'passes' };
  });

/** The client is the metadata document of the deployment. */
export const playDocument = (stage: Stage): Promise<Outcome> =>
  playConnected(stage, 'document-alice', async ({ authorizationUrl }) => {
    const clientId = authorizationUrl.searchParams.get('client_id');
    assertCell(clientId === `${stage.publicUrl}/v1/oauth/client-metadata.json`, `the client is ${clientId}`);
    return { kind: 'passes' };
  });

/** The server issues a token for the resource, and takes it again on refresh. */
export const playResource = (stage: Stage): Promise<Outcome> =>
  playConnected(stage, 'resource-alice', async ({ user, authorizationUrl }, url) => {
    assertCell(authorizationUrl.searchParams.get('resource') === url, 'the authorization request names no resource');
    const { tokenRef } = await expectRuntime(stage, user, ['POST', '/resolve'], { status: 200, body: { url } });
    const again = await callRuntime(stage, user, ['POST', '/resolve'], { url, refusedTokenRef: tokenRef });
    if (again.json?.reason === 'refused') return { kind: 'passes', note: 'it issues no refresh token' };
    assertCell(again.status === 200, `a refresh answered ${describeReply(again)}`);
    return { kind: 'passes' };
  });
