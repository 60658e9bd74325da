// The shape of a route: plain data, from which the API, its permissions, validation, OpenAPI, the local server and the
// generic tests are made.
import * as z from 'zod';
import type { ErrorCode } from '../../domain/values/service-error.ts';

export type Plane = 'user' | 'runtime' | 'public';
export type FunctionName = 'user-api' | 'connect-api' | 'oauth-callback' | 'runtime-api';

/** What a function may do to the outside; the stack turns these into permissions and nothing else. */
export type Capability =
  | 'read_user'
  | 'write_user'
  | 'erase_user'
  | 'refresh_credential'
  | 'read_due'
  | 'open_state'
  | 'consume_state'
  | 'park_code'
  | 'read_configuration'
  | 'write_configuration'
  | 'seal_secret'
  | 'open_secret'
  | 'read_system_keys'
  | 'read_oauth_clients'
  | 'read_stream'
  | 'write_dead_letters'
  | 'publish_events';

type Shape = z.ZodType;

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  plane: Plane;
  function: FunctionName;
  summary: string;
  capabilities: readonly Capability[];
  params: Shape;
  query: Shape;
  /** undefined: the request has no body. */
  body: Shape | undefined;
  /** Whether the caller may name the version it has seen. */
  ifMatch: 'none' | 'optional' | 'required';
  answers: Readonly<Record<number, Shape | null>>;
  /** The codes that this route adds to those every route may answer. */
  errors: readonly ErrorCode[];
}

const Nothing = z.object({});

type Given<T extends Partial<Route>> = Omit<
  { params: typeof Nothing; query: typeof Nothing; body: undefined; ifMatch: 'none'; errors: readonly ErrorCode[] },
  keyof T
> &
  T;

/** Fills in what most routes do not have, keeping the exact types of what they do. */
export const route = <
  const T extends Partial<Route> &
    Pick<Route, 'method' | 'path' | 'plane' | 'function' | 'summary' | 'capabilities' | 'answers'>,
>(
  given: T,
): Given<T> => ({
  params: Nothing,
  query: Nothing,
  body: undefined,
  ifMatch: 'none' as const,
  errors: [],
  ...given,
});

type Parsed<S> = S extends Shape ? z.infer<S> : undefined;

/** A request as an operation's binding gets it: everything checked. */
export interface RouteRequest<R extends Route> {
  /** The user it is about: `sub` of the token, or the path's. Empty on routes about no user. */
  userId: string;
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  body: Parsed<R['body']>;
  expectedVersion: R['ifMatch'] extends 'required' ? number : number | undefined;
}

export interface HandlerResult {
  status: number;
  body?: unknown;
  /** A page instead of JSON, with its own content security policy. */
  page?: { html: string; policy: string };
  /** The user's version, for ETag. */
  version?: number | undefined;
  headers?: Record<string, string>;
  /** Why the request was refused, when the answer is a page: for the log line, never sent. */
  logReason?: string | undefined;
}
