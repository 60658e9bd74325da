// A gateway on a real connection in front of two functions, one that echoes and one that throws, with tokens in plain text.
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { makeGateway, makeWorkerCall } from '../../../local/gateway/gateway.ts';
import { makePageGuard } from '../../../local/gateway/page-guard.ts';
import { makeCors } from '../../../local/http/cors.ts';
import { type HttpServer, openHttpServer } from '../../../local/http/http-server.ts';
import { refusals } from '../../../local/http/reply.ts';
import type { TokenIssuer } from '../../../local/identity/token-issuer.ts';
import type { LocalParts } from '../../../local/local-routes/local-parts.ts';
import { answerLocally, isLocalRequest } from '../../../local/local-routes/local-routes.ts';

const routes = [
  { method: 'GET', path: '/v1/health', plane: 'public', function: 'echo' },
  { method: 'POST', path: '/v1/echo', plane: 'public', function: 'echo' },
  { method: 'GET', path: '/v1/broken', plane: 'public', function: 'broken' },
  { method: 'GET', path: '/v1/me', plane: 'user', function: 'echo' },
  { method: 'POST', path: '/v1/users/{userId}', plane: 'runtime', function: 'echo' },
  { method: 'POST', path: '/v1/users/{userId}/resolve', plane: 'runtime', function: 'runtime' },
] as const;

const tokens: TokenIssuer = {
  issue: async (subject, seconds) => `${subject}.${seconds}`,
  verify: async (token) => {
    if (token === 'good') return { sub: 'alice' };
    throw new Error('bad');
  },
};

const echo = async (event: object) => ({ statusCode: 200, body: String((event as { body?: string }).body?.length) });
const broken = async () => {
  throw new TypeError('a secret');
};

/** Resolves as the runtime API does; the token names the user, so that a test sees which one the path named. */
const runtime = async (event: object) => {
  const { pathParameters, body = '' } = event as { pathParameters: { userId: string }; body?: string };
  if (!body.includes('known')) return { statusCode: 404, body: '{"code":"not_found"}' };
  const headers = { authorization: `Bearer token-of-${pathParameters.userId}` };
  return { statusCode: 200, body: JSON.stringify({ headers, query: {}, expiresAt: null, stale: false }) };
};

/** The one origin that may call from a browser. */
export const ALLOWED_ORIGIN = 'https://app.example.com';

/** Starts one for the suite that calls it. */
export const startEchoServer = () => {
  let http: HttpServer;
  beforeAll(async () => {
    http = await openHttpServer(0);
    const functions = new Map(Object.entries({ echo, broken, runtime }));
    const cors = makeCors([ALLOWED_ORIGIN], ['GET', 'POST']);
    const parts = { routes, functions, tokens, cors, port: http.port };
    const gateway = makeGateway(parts);
    const local: LocalParts = {
      ...{ tokens, cors, callAsWorker: makeWorkerCall(parts), mcpServerUrl: undefined, events: () => [{ type: 'a' }] },
      ...{ redirectUri: `${http.url}/v1/oauth/callback`, folder: '/home', settings: { PORT: '1', A_LIST: '<b>' } },
    };
    const admits = makePageGuard(routes, cors);
    http.answerWith(async (request) => {
      if (!admits(request)) return refusals.forbidden;
      return isLocalRequest(request) ? answerLocally(request, local) : gateway(request);
    });
  });
  afterAll(() => http.close());
  const request = (path: string, init?: RequestInit): Promise<Response> => fetch(http.url + path, init);
  return {
    request,
    port: () => http.port,
    ask: async (path: string, init?: RequestInit): Promise<[number, string]> => {
      const response = await request(path, init);
      return [response.status, await response.text()];
    },
    /** Sends the bytes unchanged and reads until the connection ends. */
    askRaw: async (bytes: string): Promise<string> => {
      const socket = connect(http.port, '127.0.0.1');
      socket.end(bytes);
      return readText(socket);
    },
  };
};

export const refused = (status: number, message: string) => [status, JSON.stringify({ message })];
