// From an event of the HTTP API to what an operation takes. Parsed once, here; inside, the types are trusted.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { invalidRequest, ServiceError, type Violation } from '../../domain/values/service-error.ts';
import type { Route, RouteRequest } from '../routes/route.ts';
import { identifyUser } from './caller.ts';
import { readBody } from './read-body.ts';

const MAX_VIOLATIONS = 20;
const MAX_DETAIL = 200;

/** Below these stand names of the caller's own choice, which may be secrets put in the wrong place: not repeated. */
const FREE_NAMES = new Set<PropertyKey>(['headers', 'metadata', 'variables']);

const known = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
  const free = path.findIndex((part) => FREE_NAMES.has(part));
  return free === -1 ? path : path.slice(0, free + 1);
};

const detailOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return 'holds a field that is not known';
  // What is wrong with the key, which is not repeated.
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
};

/** A JSON pointer as a URI fragment (RFC 6901 §6); our own names and indices need no escape. */
const pointer = (path: readonly PropertyKey[]): string => ['#', ...known(path).map(String)].join('/');

const violations = (error: z.core.$ZodError): Violation[] =>
  error.issues
    .slice(0, MAX_VIOLATIONS)
    .map((issue) => ({ pointer: pointer(issue.path), detail: detailOf(issue).slice(0, MAX_DETAIL) }));

const parse = (schema: z.ZodType, value: unknown): unknown => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ServiceError('invalid_request', { errors: violations(parsed.error) });
};

const VERSION = /^"v(0|[1-9]\d{0,14})"$/;

/** If-Match (RFC 9110 §13.1.1), of which only one strong tag of ours is understood. */
const expectedVersion = (route: Route, event: APIGatewayProxyEventV2): number | undefined => {
  if (route.ifMatch === 'none') return undefined;
  const header = event.headers['if-match'];
  if (header === undefined && route.ifMatch === 'required') throw new ServiceError('precondition_required');
  if (header === undefined) return undefined;
  const version = VERSION.exec(header)?.[1];
  if (version === undefined) throw invalidRequest('#', 'If-Match must be "v<number>", as ETag gave it');
  return Number(version);
};

/** A wrong id looks like one that does not exist. */
const params = (route: Route, event: APIGatewayProxyEventV2): unknown => {
  const parsed = route.params.safeParse(event.pathParameters ?? {});
  if (parsed.success) return parsed.data;
  if (parsed.error.issues.some((issue) => issue.path[0] === 'id')) throw new ServiceError('credential_not_found');
  throw new ServiceError('invalid_request', { errors: violations(parsed.error) });
};

/** A name given twice is a list, which no schema of ours takes for one value; the gateway would join it with a comma. */
const query = ({ rawQueryString }: APIGatewayProxyEventV2): Record<string, string | string[]> => {
  const given = new URLSearchParams(rawQueryString);
  const names = [...new Set(given.keys())];
  return Object.fromEntries(names.map((name) => [name, single(given.getAll(name))]));
};

const single = (values: string[]): string | string[] => (values.length === 1 ? (values[0] as string) : values);

/** Throws whatever is wrong with the request, the caller's right to make it first. */
export const readRequest = (route: Route, event: APIGatewayProxyEventV2): RouteRequest<Route> => {
  const userId = identifyUser(route, event);
  return {
    userId,
    params: params(route, event),
    query: parse(route.query, query(event)),
    body: route.body === undefined ? undefined : parse(route.body, readBody(event)),
    expectedVersion: expectedVersion(route, event),
  };
};
