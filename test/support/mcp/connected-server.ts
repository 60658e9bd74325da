// Users who connect MCP servers by their URLs, in memory: each step of a flow, and what is stored in the end.
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import type { AuthorizationServer } from '../../../lib/domain/mcp/authorization-server.ts';
import type { TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import type { DiscoveredServer } from '../../../lib/domain/ports/server-discovery.ts';
import { completeConnection } from '../../../lib/operations/connect/complete-connection.ts';
import { receiveCallback } from '../../../lib/operations/connect/receive-callback.ts';
import {
  type StartServerConnection,
  startServerConnection,
} from '../../../lib/operations/connect/start-server-connection.ts';
import { ALICE } from '../builders.ts';
import { authorizationServer } from '../memory/mcp/memory-discovery.ts';
import { type MemoryDeps, memoryDeps } from '../memory/memory-deps.ts';
import { newGrant } from '../memory/memory-oauth.ts';

export const SERVER = 'https://mcp.example/mcp';
export const ISSUER = 'https://auth.example';

/** What discovery finds at `SERVER`, or at the URL. */
export interface FoundServer extends Partial<Omit<DiscoveredServer, 'server'>> {
  url?: string;
  issuer?: string;
  server?: Partial<AuthorizationServer>;
}

export const addServer = (
  { discovery }: MemoryDeps,
  { url = SERVER, issuer = ISSUER, server, ...found }: FoundServer = {},
): void => discovery.add(url, { ...found, server: authorizationServer(issuer, server) });

/** Dependencies that find one server. */
export const withServer = (found: FoundServer = {}, given: Parameters<typeof memoryDeps>[0] = {}): MemoryDeps => {
  const deps = memoryDeps(given);
  addServer(deps, found);
  return deps;
};

export const startServer = (deps: MemoryDeps, given: Partial<StartServerConnection> = {}) =>
  startServerConnection(deps, { userId: ALICE, mcpServerUrl: SERVER, ...given });

let codes = 0;

/** The server redirects the browser back; `iss` as the callback has it. */
export const comeBack = async (
  deps: MemoryDeps,
  state: string,
  { iss = ISSUER, grant = {} }: CallbackOfServer = {},
) => {
  const code = `code-${++codes}`;
  deps.oauth.script.codes.set(code, newGrant(grant));
  const received = await receiveCallback(deps, { state, code, ...(iss !== null && { iss }) });
  return received.kind === 'received' ? received.receipt : '';
};

export interface CallbackOfServer {
  /** null: the callback names none. */
  iss?: string | null;
  grant?: Partial<TokenResponse>;
}

export interface Connecting extends CallbackOfServer {
  start?: Partial<StartServerConnection>;
}

/** All steps. */
export const connectServer = async (deps: MemoryDeps, { start = {}, ...callback }: Connecting = {}) => {
  const { state } = await startServer(deps, start);
  const receipt = await comeBack(deps, state, callback);
  return completeConnection(deps, { userId: start.userId ?? ALICE, state, receipt });
};

/** A stored grant whose access token has an hour, with a refresh token. */
export const connected = async (deps: MemoryDeps, given: Connecting = {}): Promise<StoredCredential> => {
  const grant = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresInSeconds: 3600, ...given.grant };
  return (await connectServer(deps, { ...given, grant })).credential;
};
