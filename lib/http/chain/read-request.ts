// Parses an event of the HTTP API by the schemas of its route. This is the only place: handlers and operations trust the types.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { HeldLink } from '../../domain/link/connect-link.ts';
import { invalidRequest, ServiceError, type Violation } from '../../domain/values/service-error.ts';
import type { Route, RouteRequest } from '../routes/route.ts';
import { identifyUser } from './caller.ts';
import { readBody, readForm } from './read-body.ts';

const MAX_VIOLATIONS = 20;
const MAX_DETAIL = 200;

/** Fields whose keys the caller chooses. Such a key may be a secret in the wrong place, so no pointer repeats it. */
const FREE_NAMES = new Set<PropertyKey>(['headers', 'metadata', 'variables']);

const knownPath = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
  const free = path.findIndex((part) => FREE_NAMES.has(part));
  return free === -1 ? path : path.slice(0, free + 1);
};

const explain = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return 'unknown field';
  // The rule the key breaks, without the key.
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
};

/** A JSON pointer as a URI fragment (RFC 6901 §6). The names of the contract and indices need no escaping. */
const pointer = (path: readonly PropertyKey[]): string => ['#', ...knownPath(path).map(String)].join('/');

const violations = (error: z.core.$ZodError): Violation[] =>
  error.issues
    .slice(0, MAX_VIOLATIONS)
    .map((issue) => ({ pointer: pointer(issue.path), detail: explain(issue).slice(0, MAX_DETAIL) }));

const parse = (schema: z.ZodType, value: unknown): unknown => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ServiceError('invalid_request', { errors: violations(parsed.error) });
};

const VERSION = /^"v(0|[1-9]\d{0,14})"$/;

/** The version that If-Match names (RFC 9110 §13.1.1): one strong tag as ETag gave it, and no other form. */
const expectedVersion = (route: Route, event: APIGatewayProxyEventV2): number | undefined => {
  if (route.ifMatch === 'none') return undefined;
  const header = event.headers['if-match'];
  if (header === undefined && route.ifMatch === 'required') throw new ServiceError('precondition_required');
  if (header === undefined) return undefined;
  const version = VERSION.exec(header)?.[1];
  if (version === undefined) throw invalidRequest('#', 'If-Match must be "v<number>", as ETag gave it');
  return Number(version);
};

/** A malformed credential id gets the same answer as an unknown one. */
const params = (route: Route, event: APIGatewayProxyEventV2): unknown => {
  const parsed = route.params.safeParse(event.pathParameters ?? {});
  if (parsed.success) return parsed.data;
  if (parsed.error.issues.some((issue) => issue.path[0] === 'id')) throw new ServiceError('credential_not_found');
  throw new ServiceError('invalid_request', { errors: violations(parsed.error) });
};

/** The names of a query or form, each with its value, or with all of them where it is repeated. */
const parameters = (text: string): Record<string, string | string[]> => {
  const given = new URLSearchParams(text);
  const names = [...new Set(given.keys())];
  return Object.fromEntries(names.map((name) => [name, single(given.getAll(name))]));
};

/** Read from the raw query: the gateway joins a repeated name with commas, which would look like one value. */
const query = ({ rawQueryString }: APIGatewayProxyEventV2) => parameters(rawQueryString);

const body = (
  { body: schema, bodyFormat, bodyOptional, maxBodyBytes }: Route,
  event: APIGatewayProxyEventV2,
): unknown => {
  if (schema === undefined) return undefined;
  if (bodyOptional && !event.body) return parse(schema, {});
  return parse(
    schema,
    bodyFormat === 'form' ? parameters(readForm(event, maxBodyBytes)) : readBody(event, maxBodyBytes),
  );
};

/** Fetch and its predecessors: `prefetch`, `prefetch;prerender`, `preview`. */
const PREFETCH = /\b(?:prefetch|prerender|preview)\b/i;
const PURPOSE_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

const isPrefetch = ({ headers }: APIGatewayProxyEventV2): boolean =>
  PURPOSE_HEADERS.some((name) => PREFETCH.test(headers[name] ?? ''));

const single = (values: string[]): string | string[] => (values.length === 1 ? (values[0] as string) : values);

/**
 * The parsed request. Checks the caller first; `link` is what the caller of the link plane holds. Throws `GatewayRefusal`, `credential_not_found`, `invalid_request`, `body_too_large`,
 * `unsupported_media_type`, `precondition_required`.
 */
export const readRequest = (route: Route, event: APIGatewayProxyEventV2, link?: HeldLink): RouteRequest<Route> => {
  const userId = link?.row.userId ?? identifyUser(route, event);
  return {
    userId,
    link,
    params: params(route, event),
    query: parse(route.query, query(event)),
    body: body(route, event),
    isPrefetch: isPrefetch(event),
    expectedVersion: expectedVersion(route, event),
  };
};
