// What only a laptop has: tokens for the asking, and the events that were published. Answered to programs on this machine
// and to the server's own page, never to a page of another origin.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { DEMO_APPLICATION_PATH, demoApplicationPage } from '../demo/demo-application.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { isFromThisMachine } from './loopback.ts';
import { readBody } from './read-body.ts';
import { jsonReply, type Reply, refusals } from './reply.ts';

const PREFIX = '/_local/';
const MAX_BODY_BYTES = 64 * 1024;
const DAY_SECONDS = 24 * 60 * 60;

const TokenRequest = z.strictObject({
  sub: z
    .string()
    .min(1)
    .refine((text) => [...text].length <= 256 && text.isWellFormed(), 'expected 1 to 256 Unicode characters'),
  /** Zero or less makes a token that has expired, to try what happens then. */
  expiresInSeconds: z
    .int()
    .min(-DAY_SECONDS)
    .max(365 * DAY_SECONDS)
    .default(DAY_SECONDS / 24),
});

export interface LocalParts {
  tokens: TokenIssuer;
  /** Oldest first. */
  events(): readonly object[];
}

type LocalRoute = (request: IncomingMessage, parts: LocalParts) => Promise<Reply>;

const invalid = (message: string): Reply => jsonReply(400, { message });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const giveToken: LocalRoute = async (request, { tokens }) => {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) return refusals.tooLarge;
  const parsed = TokenRequest.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) {
    const accessToken = await tokens.issue(parsed.data.sub, parsed.data.expiresInSeconds);
    return jsonReply(200, { accessToken }, { 'cache-control': 'no-store' });
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'body';
  return invalid(`expected JSON like {"sub": "alice", "expiresInSeconds": 3600}; ${where}: ${issue?.message}`);
};

const listEvents: LocalRoute = async (_, { events }) =>
  jsonReply(200, { events: events() }, { 'cache-control': 'no-store' });

const localRoutes = new Map<string, LocalRoute>([
  ['POST /_local/token', giveToken],
  ['GET /_local/events', listEvents],
]);

export const isLocalPath = (request: IncomingMessage): boolean => request.url?.startsWith(PREFIX) ?? false;

export const answerLocally: LocalRoute = async (request, parts) => {
  const [path] = request.url?.split('?', 1) ?? [];
  // A page without a word of anybody's: browsers come to it from the provider, too.
  if (request.method === 'GET' && path === DEMO_APPLICATION_PATH) return demoApplicationPage;
  if (!isFromThisMachine(request.headers)) return refusals.forbidden;
  const answer = localRoutes.get(`${request.method} ${path}`);
  return answer ? answer(request, parts) : refusals.notFound;
};
