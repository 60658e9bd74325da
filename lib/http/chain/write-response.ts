// Turns results and errors into responses of the HTTP API. Every response is no-store: many contain secrets.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ServiceError } from '../../domain/values/service-error.ts';
import { problemDocument, retryAfter } from '../problem.ts';
import { problemTypes } from '../problem-types.ts';
import type { HandlerResult } from '../routes/route.ts';
import { GatewayRefusal } from './gateway-refusal.ts';

/** A response with its status always set. */
export type Result = APIGatewayProxyStructuredResultV2 & { statusCode: number };

type Headers = Record<string, string>;

const withHeaders = (statusCode: number, headers: Headers): Result => ({
  statusCode,
  headers: { ...headers, 'cache-control': 'no-store' },
});

const json = (statusCode: number, body: unknown, headers: Headers): Result => ({
  ...withHeaders(statusCode, { 'content-type': 'application/json', ...headers }),
  body: JSON.stringify(body),
});

const html = (statusCode: number, { html: body, policy }: NonNullable<HandlerResult['page']>): Result => ({
  ...withHeaders(statusCode, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }),
  body,
});

/** The response of a handler's result; a version becomes the ETag. */
export const writeAnswer = ({ status, body, page, version, headers }: HandlerResult): Result => {
  const all: Headers = { ...headers };
  if (page) return html(status, page);
  if (version !== undefined) all.etag = `"v${version}"`;
  return body === undefined ? withHeaders(status, all) : json(status, body, all);
};

const refusal = ({ status, message, retryAfterSeconds }: GatewayRefusal): Result =>
  json(status, { message }, { ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }) });

/** A 401 says how to authenticate (RFC 9110 §11.6.1). */
const challenge = ({ code }: ServiceError): Headers => (code === 'link_invalid' ? { 'www-authenticate': 'Link' } : {});

/**
 * The response of an error. Anything but a ServiceError or GatewayRefusal is `internal_error`, which shows nothing of it.
 * `providerError`: the provider's own error word, for a caller who may see it.
 */
export const writeError = (error: unknown, requestId: string, providerError?: string): Result => {
  if (error instanceof GatewayRefusal) return refusal(error);
  const known = error instanceof ServiceError ? error : new ServiceError('internal_error', { cause: error });
  const headers = { 'content-type': 'application/problem+json', ...challenge(known), ...retryAfter(known) };
  const document = { ...problemDocument(known, requestId), ...(providerError !== undefined && { providerError }) };
  return json(problemTypes[known.code].status, document, headers);
};

/** The code of an error for the log; undefined for none. */
export const errorCode = (error: unknown): string | undefined => {
  if (error === undefined) return undefined;
  if (error instanceof ServiceError) return error.code;
  return error instanceof GatewayRefusal ? error.message : 'internal_error';
};
