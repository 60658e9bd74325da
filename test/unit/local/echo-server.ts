// A gateway on a real connection in front of functions that only echo or break, with tokens that mean what they say.
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { makeGateway } from '../../../local/gateway/gateway.ts';
import { type Front, openFront } from '../../../local/gateway/http-front.ts';
import { answerLocally, isLocalPath } from '../../../local/gateway/local-routes.ts';
import type { TokenIssuer } from '../../../local/identity/token-issuer.ts';

const routes = [
  { method: 'GET', path: '/v1/health', plane: 'public', function: 'echo' },
  { method: 'POST', path: '/v1/echo', plane: 'public', function: 'echo' },
  { method: 'GET', path: '/v1/broken', plane: 'public', function: 'broken' },
  { method: 'GET', path: '/v1/me', plane: 'user', function: 'echo' },
  { method: 'POST', path: '/v1/users/{userId}', plane: 'runtime', function: 'echo' },
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

/** Starts one for the suite that calls it. */
export const startEchoServer = () => {
  let front: Front;
  beforeAll(async () => {
    front = await openFront(0);
    const functions = new Map(Object.entries({ echo, broken }));
    const gateway = makeGateway({ routes, functions, tokens, port: front.port });
    front.answerWith((request) =>
      isLocalPath(request) ? answerLocally(request, { tokens, events: () => [{ type: 'a' }] }) : gateway(request),
    );
  });
  afterAll(() => front.close());
  const request = (path: string, init?: RequestInit): Promise<Response> => fetch(front.url + path, init);
  return {
    request,
    ask: async (path: string, init?: RequestInit): Promise<[number, string]> => {
      const response = await request(path, init);
      return [response.status, await response.text()];
    },
    /** Sends the bytes as they are, and reads to the connection's end. */
    askRaw: async (bytes: string): Promise<string> => {
      const socket = connect(front.port, '127.0.0.1');
      socket.end(bytes);
      return readText(socket);
    },
  };
};

export const refused = (status: number, message: string) => [status, JSON.stringify({ message })];
