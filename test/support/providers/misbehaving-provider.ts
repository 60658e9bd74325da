// Many OAuth providers on one loopback port, distinguished by the first path segment. Each answers its paths by
// script and records its requests, so that a suite can check that a provider was never contacted.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { RecordedRequest } from './provider-stub.ts';

export interface PlainReply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: string | object;
  /** Never answers. */
  silent?: boolean;
}

type Answering = (request: RecordedRequest) => PlainReply;

export interface MisbehavingProvider {
  url: string;
  /** The operator's entry for the provider of that name; any field can be overridden. */
  entry(name: string, given?: Record<string, unknown>): Record<string, unknown>;
  /** Sets the answer of a path (without query) from now on. */
  answer(path: string, reply: PlainReply | Answering): void;
  /** The token endpoint's answer: a valid one with these fields added or replaced; undefined removes one. */
  grants(name: string, fields?: Record<string, unknown>): void;
  /** The requests to a path, or to all. */
  requests(path?: string): RecordedRequest[];
  /** Clears recorded requests and scripted answers. */
  reset(): void;
  close(): void;
}

export const GOOD_GRANT = {
  access_token: 'access-1',
  token_type: 'bearer',
  refresh_token: 'refresh-1',
  expires_in: 3600,
  scope: 'read write',
  account: { id: 'account-1', name: 'Ann' },
};

const respond = (response: ServerResponse, { status = 200, headers = {}, body = {}, silent }: PlainReply): void => {
  if (silent) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const makeEntry = (url: string, name: string, given: Record<string, unknown>): Record<string, unknown> => ({
  clientId: `client-of-${name}`,
  clientSecret: `secret-of-${name}`,
  authorizationEndpoint: `${url}/${name}/authorize`,
  tokenEndpoint: `${url}/${name}/token`,
  revocationEndpoint: `${url}/${name}/revoke`,
  deviceAuthorizationEndpoint: `${url}/${name}/device`,
  defaultScopes: ['read', 'write'],
  identityIdPath: 'account.id',
  identityNamePath: 'account.name',
  ...given,
});

export const startMisbehavingProvider = async (): Promise<MisbehavingProvider> => {
  const told = new Map<string, PlainReply | Answering>();
  const received: RecordedRequest[] = [];
  const readPath = ({ path }: RecordedRequest) => path.split('?')[0] ?? '';
  const usual = (path: string): PlainReply => (path.endsWith('/token') ? { body: GOOD_GRANT } : {});

  const server = createServer((request, response) => {
    response.on('error', () => {});
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const form = Object.fromEntries(new URLSearchParams(body));
      const recorded: RecordedRequest = { method, path, headers, body, form };
      received.push(recorded);
      const reply = told.get(readPath(recorded)) ?? usual(readPath(recorded));
      respond(response, typeof reply === 'function' ? reply(recorded) : reply);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url,
    entry: (name, given = {}) => makeEntry(url, name, given),
    answer: (path, reply) => void told.set(path, reply),
    grants: (name, fields = {}) => void told.set(`/${name}/token`, { body: { ...GOOD_GRANT, ...fields } }),
    requests: (path) => received.filter((request) => path === undefined || readPath(request) === path),
    reset: () => {
      told.clear();
      received.length = 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
