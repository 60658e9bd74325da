// An MCP server that only says how it is authorized: its metadata names the authorization server that is played. Its URL is known before
// that server starts, since some servers issue tokens for resources that they were told of only.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What its metadata names. */
export interface Authorization {
  issuer: string;
  scopes: unknown;
}

/** A running stand-in. */
export interface McpStandIn {
  url: string;
  /** Sets what its metadata names; before that it has none. */
  authorizeBy(authorization: Authorization): void;
  stop(): void;
}

const METADATA = '/.well-known/oauth-protected-resource/mcp';

interface Answer {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}

const answerRequest = ({ url, headers }: IncomingMessage, named: Authorization | null): Answer => {
  const origin = `http://${headers.host}`;
  if (url === METADATA && named !== null) {
    const { issuer, scopes } = named;
    return {
      status: 200,
      body: { resource: `${origin}/mcp`, authorization_servers: [issuer], scopes_supported: scopes },
    };
  }
  if (url !== '/mcp') return { status: 404 };
  if (headers.authorization) return { status: 200, body: { jsonrpc: '2.0', id: 1, result: {} } };
  return { status: 401, headers: { 'www-authenticate': `Bearer resource_metadata="${origin}${METADATA}"` } };
};

/** Starts one on a free port; it answers 401 without a bearer token, and 200 with any. */
export const startMcpServer = async (): Promise<McpStandIn> => {
  let named: Authorization | null = null;
  const server = createServer((request, response) => {
    const { status, body = {}, headers = {} } = answerRequest(request, named);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    authorizeBy: (authorization) => {
      named = authorization;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
