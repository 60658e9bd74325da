// API Gateway's HTTP API in front of the functions: matches, authorizes, makes the event, calls, answers. It refuses in
// API Gateway's words and order (unknown before unauthorized), and nothing that is sent to it makes it fail.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { authorizeUser, authorizeWorker } from '../identity/authorize.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { MAX_PAYLOAD_BYTES } from '../lambda/function-answer.ts';
import { invoke, type LambdaFunction } from '../lambda/invoke.ts';
import { type Authorizer, type GatewayRequest, makeEvent } from './gateway-event.ts';
import { readBody } from './read-body.ts';
import { type Reply, refusals } from './reply.ts';
import { readPath } from './request-path.ts';
import { type GatewayRoute, type Match, matcherOf } from './route-match.ts';

export interface GatewayParts {
  routes: readonly GatewayRoute[];
  functions: ReadonlyMap<string, LambdaFunction>;
  tokens: Pick<TokenIssuer, 'verify'>;
  /** What the server listens on. */
  port: number;
}

export type Gateway = (request: IncomingMessage) => Promise<Reply>;

/** Request line and headers together. */
const MAX_HEADER_BYTES = 10_240;
/** Escaping can make a body six times as long in the event; below this it cannot pass the limit. */
const SURELY_SMALL_BYTES = MAX_PAYLOAD_BYTES / 6 - 64 * 1024;

const headerBytes = ({ url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, part) => sum + part.length, url.length);

const isTooLarge = (event: object, body: Buffer): boolean =>
  body.length > SURELY_SMALL_BYTES && Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES;

interface Admitted {
  authorizer: Authorizer | undefined;
  body: Buffer;
}

/** The authorizer of the route's plane and the body it may need; a refusal when either is not as it must be. */
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

const call = async (parts: GatewayParts, received: GatewayRequest): Promise<Reply> => {
  const { function: name } = received.match.route;
  const run = parts.functions.get(name);
  if (!run) return refusals.internalError;
  const event = makeEvent(received);
  if (isTooLarge(event, received.body)) return refusals.tooLarge;
  const reply = await invoke({ name, run, requestId: received.requestId }, event);
  return { ...reply, headers: { ...reply.headers, 'apigw-requestid': received.requestId } };
};

export const makeGateway = (parts: GatewayParts): Gateway => {
  const match = matcherOf(parts.routes);
  return async (request) => {
    if (headerBytes(request) > MAX_HEADER_BYTES) return refusals.headersTooLarge;
    const path = readPath(request.url ?? '');
    if (!path) return refusals.badRequest;
    const found = match(request.method ?? '', path.path);
    if (!found) return refusals.notFound;
    const admitted = await admit(request, found, parts.tokens);
    if ('status' in admitted) return admitted;
    const { method = '', httpVersion, rawHeaders } = request;
    const { authorizer, body } = admitted;
    const seen = { method, httpVersion, rawHeaders, path, match: found, authorizer, body };
    return call(parts, { ...seen, requestId: randomUUID(), now: Date.now(), port: parts.port });
  };
};
