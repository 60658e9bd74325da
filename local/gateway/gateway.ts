// Stands in for API Gateway's HTTP API: matches the route, authorizes, builds the event, invokes the function, answers. It
// refuses with API Gateway's messages and in its order (404 before 401), and no request makes it throw.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Cors } from '../http/cors.ts';
import { readBody } from '../http/read-body.ts';
import { type Reply, refusals } from '../http/reply.ts';
import { authorizeUser, authorizeWorker, workerAuthorizer } from '../identity/authorize.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { MAX_PAYLOAD_BYTES } from '../lambda/function-answer.ts';
import { invoke, type LambdaFunction } from '../lambda/invoke.ts';
import { type Authorizer, type GatewayRequest, makeEvent } from './gateway-event.ts';
import { type RequestPath, readPath } from './request-path.ts';
import { type GatewayRoute, type Match, makeMatcher } from './route-match.ts';

/** What the gateway is made of. */
export interface GatewayParts {
  routes: readonly GatewayRoute[];
  /** By the function names that the routes mention. */
  functions: ReadonlyMap<string, LambdaFunction>;
  tokens: Pick<TokenIssuer, 'verify'>;
  cors: Cors;
  /** The port the server listens on. */
  port: number;
}

/** Answers a request as API Gateway and the function behind it would. */
export type Gateway = (request: IncomingMessage) => Promise<Reply>;

/** API Gateway's limit for the request line and the headers together. */
const MAX_HEADER_BYTES = 10_240;
/** Escaping can make a body six times as long in the event; a body below this size always fits. */
const ALWAYS_FITS_BYTES = MAX_PAYLOAD_BYTES / 6 - 64 * 1024;

const headerBytes = ({ url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, part) => sum + part.length, url.length);

const isTooLarge = (event: object, body: Buffer): boolean =>
  body.length > ALWAYS_FITS_BYTES && Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES;

interface Admitted {
  authorizer: Authorizer | undefined;
  body: Buffer;
}

/** Reads the body and runs the authorizer of the route's plane; a refusal when the caller or the size is not allowed. */
const admit = async (
  request: IncomingMessage,
  { route: { plane } }: Match,
  tokens: GatewayParts['tokens'],
): Promise<Admitted | Reply> => {
  const { method = '', url: target = '', rawHeaders } = request;
  const user = plane === 'user' ? await authorizeUser(rawHeaders, tokens) : undefined;
  if (plane === 'user' && !user) return refusals.unauthorized;
  const body = await readBody(request, MAX_PAYLOAD_BYTES);
  if (!body) return refusals.tooLarge;
  const worker = plane === 'runtime' ? authorizeWorker({ method, target, rawHeaders, body }, Date.now()) : undefined;
  if (plane === 'runtime' && !worker) return refusals.forbidden;
  return { authorizer: user ?? worker, body };
};

const invokeRoute = async (parts: GatewayParts, received: GatewayRequest): Promise<Reply> => {
  const { function: name } = received.match.route;
  const run = parts.functions.get(name);
  if (!run) return refusals.internalError;
  const event = makeEvent(received);
  if (isTooLarge(event, received.body)) return refusals.tooLarge;
  const reply = await invoke({ name, run, requestId: received.requestId }, event);
  return { ...reply, headers: { ...reply.headers, 'apigw-requestid': received.requestId } };
};

const answerMatch = async (
  request: IncomingMessage,
  match: Match,
  seen: { path: RequestPath; parts: GatewayParts },
) => {
  const { path, parts } = seen;
  const admitted = await admit(request, match, parts.tokens);
  if ('status' in admitted) return admitted;
  const { method = '', httpVersion, rawHeaders } = request;
  const { authorizer, body } = admitted;
  const received = { method, httpVersion, rawHeaders, path, match, authorizer, body };
  return invokeRoute(parts, { ...received, requestId: randomUUID(), now: Date.now(), port: parts.port });
};

/** Makes the gateway in front of the functions. */
export const makeGateway = (parts: GatewayParts): Gateway => {
  const { cors } = parts;
  const findRoute = makeMatcher(parts.routes);
  return async (request) => {
    if (headerBytes(request) > MAX_HEADER_BYTES) return refusals.headersTooLarge;
    const path = readPath(request.url ?? '');
    if (!path) return refusals.badRequest;
    const preflight = cors.answerPreflight(request);
    if (preflight) return preflight;
    const match = findRoute(request.method ?? '', path.path);
    if (!match) return cors.addHeaders(request, refusals.notFound);
    const reply = cors.addHeaders(request, await answerMatch(request, match, { path, parts }));
    return { ...reply, route: `${match.route.method} ${match.route.path}` };
  };
};

/** A call of the runtime plane from inside the server, as the worker; `path` decoded. */
export type CallAsWorker = (path: string, body: object) => Promise<Reply>;

/** Makes a caller of `POST` routes that needs no signature: for pages of this server, never for a request from outside. */
export const makeWorkerCall =
  (parts: GatewayParts): CallAsWorker =>
  async (path, body) => {
    const match = makeMatcher(parts.routes)('POST', path);
    if (!match) return refusals.notFound;
    return invokeRoute(parts, {
      ...{ method: 'POST', httpVersion: '1.1', rawHeaders: ['content-type', 'application/json'] },
      ...{ path: { path, rawQuery: '' }, match, authorizer: workerAuthorizer, body: Buffer.from(JSON.stringify(body)) },
      ...{ requestId: randomUUID(), now: Date.now(), port: parts.port },
    });
  };
