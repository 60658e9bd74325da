// Cross-origin calls as the deployed HTTP API allows them: it answers every preflight and adds its headers to
// every answer for an allowed origin. For any other origin the headers are absent, and the browser refuses the call.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Reply } from './reply.ts';

/** What the stack configures, too; `test/infra/api-routes.test.ts` compares the two. */
export const CORS_SETTINGS = {
  allowHeaders: ['authorization', 'content-type', 'if-match'],
  exposeHeaders: ['etag', 'location', 'retry-after'],
  maxAgeSeconds: 3600,
} as const;

/** The CORS configuration of the API, as API Gateway applies it. */
export interface Cors {
  allows(origin: string | undefined): boolean;
  /** The answer to a preflight; undefined for any other request, and for all when no origin is allowed. */
  answerPreflight(request: IncomingMessage): Reply | undefined;
  addHeaders(request: IncomingMessage, reply: Reply): Reply;
}

/** `methods`: those of the routes that browsers may call. */
export const makeCors = (allowedOrigins: readonly string[], methods: readonly string[]): Cors => {
  const allowed = new Set(allowedOrigins);
  const allows = (origin: string | undefined): boolean => origin !== undefined && allowed.has(origin);
  const forOrigin = (origin: string | undefined): OutgoingHttpHeaders =>
    allows(origin) ? { 'access-control-allow-origin': origin, vary: 'origin' } : {};
  const preflightHeaders = {
    'access-control-allow-methods': [...new Set(methods)].join(','),
    'access-control-allow-headers': CORS_SETTINGS.allowHeaders.join(','),
    'access-control-max-age': String(CORS_SETTINGS.maxAgeSeconds),
  };
  return {
    allows,
    answerPreflight: ({ method, headers: { origin } }) => {
      if (method !== 'OPTIONS' || allowed.size === 0) return undefined;
      const headers = { ...forOrigin(origin), ...(allows(origin) && preflightHeaders) };
      return { status: 204, headers, body: Buffer.alloc(0) };
    },
    addHeaders: ({ headers: { origin } }, reply) => {
      if (!allows(origin)) return reply;
      const exposed = { 'access-control-expose-headers': CORS_SETTINGS.exposeHeaders.join(',') };
      return { ...reply, headers: { ...reply.headers, ...forOrigin(origin), ...exposed } };
    },
  };
};
