// The routes that exist locally only: the index page, the demo, the API reference, tokens and events. None of them is for a
// web page of another origin, except the token, which an allowed origin may fetch.
import type { IncomingMessage } from 'node:http';
import { demoApplicationPage } from '../demo/demo-application.ts';
import { isFromThisMachine } from '../http/loopback.ts';
import { jsonReply, type Reply, refusals } from '../http/reply.ts';
import { renderApiReference, serveOpenApi } from './api-reference.ts';
import { renderIndexPage } from './index-page.ts';
import { issueToken } from './issue-token.ts';
import type { LocalParts } from './local-parts.ts';
import { CONNECT_LINK_PATH, openConnectPage } from './open-connect-page.ts';
import { previewResolve } from './resolve-preview.ts';

type LocalRoute = (request: IncomingMessage, parts: LocalParts) => Reply | Promise<Reply>;

const PREFIX = '/_local/';
/** The one route that the page of an allowed origin may use. */
export const TOKEN_PATH = '/_local/token';
const NO_STORE = { 'cache-control': 'no-store' };

/** Opened in a browser, also by a link from another site: they hold no secret, and no other page can read them. */
const pages = new Map<string, LocalRoute>([
  ['GET /', (_, parts) => renderIndexPage(parts)],
  ['GET /_local/demo', () => demoApplicationPage],
  ['GET /_local/api', renderApiReference],
  ['GET /_local/openapi.json', serveOpenApi],
]);

/** It loads the client, which nothing else here needs. */
const playAgent: LocalRoute = async (request, { mcpServerUrl }) => {
  if (mcpServerUrl === undefined) return refusals.notFound;
  const { playMcpAgent } = await import('../demo/mcp/mcp-agent.ts');
  return playMcpAgent(request, mcpServerUrl);
};

const localRoutes = new Map<string, LocalRoute>([
  ['POST /_local/resolve', previewResolve],
  [`GET ${CONNECT_LINK_PATH}`, openConnectPage],
  ['GET /_local/mcp-agent', playAgent],
  ['GET /_local/events', (_, { events }) => jsonReply(200, { events: events() }, NO_STORE)],
]);

const readPathname = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? '';

/** Whether the request is for a local route and not for the API. */
export const isLocalRequest = (request: IncomingMessage): boolean => {
  const path = readPathname(request);
  return path === '/' ? request.method === 'GET' : path.startsWith(PREFIX);
};

const answerTokenRequest: LocalRoute = async (request, parts) => {
  const { cors } = parts;
  const isAllowed = cors.allows(request.headers.origin);
  if (isAllowed && request.method === 'OPTIONS') return cors.answerPreflight(request) ?? refusals.notFound;
  if (!isAllowed && !isFromThisMachine(request)) return refusals.forbidden;
  const reply = request.method === 'POST' ? await issueToken(request, parts) : refusals.notFound;
  return cors.addHeaders(request, reply);
};

/** Answers a local request: 403 to a page of another origin, 404 where there is no such route. */
export const answerLocally = async (request: IncomingMessage, parts: LocalParts): Promise<Reply> => {
  const path = readPathname(request);
  const page = pages.get(`${request.method} ${path}`);
  if (page) return page(request, parts);
  if (path === TOKEN_PATH) return answerTokenRequest(request, parts);
  if (!isFromThisMachine(request)) return refusals.forbidden;
  const answer = localRoutes.get(`${request.method} ${path}`);
  return answer ? answer(request, parts) : refusals.notFound;
};
