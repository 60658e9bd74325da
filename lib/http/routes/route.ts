// The shape of a route: plain data. The API, its permissions, request validation, the OpenAPI document, the local server and
// the generic tests are all made from it.
import * as z from 'zod';
import type { HeldLink } from '../../domain/link/connect-link.ts';
import type { ErrorCode } from '../../domain/values/service-error.ts';

/** Who may call: an end user (JWT), a trusted worker (IAM signature), the browser that holds a connect link, or anyone. */
export type Plane = 'user' | 'runtime' | 'link' | 'public';
/** A Lambda function; also the name of its file in `functions/`. */
export type FunctionName =
  | 'user-api'
  | 'start-api'
  | 'connect-api'
  | 'oauth-callback'
  | 'link-api'
  | 'link-start-api'
  | 'link-connect-api'
  | 'runtime-api'
  | 'runtime-start-api'
  | 'moving-api'
  | 'connect-page'
  | 'client-metadata'
  | 'health';

/** What a function may do outside itself. The stack turns these into IAM permissions and grants no others. */
export type Capability =
  | 'read_credential'
  | 'read_user'
  | 'find_by_url'
  | 'read_whole_user'
  | 'write_user'
  | 'delete_credential'
  | 'erase_user'
  | 'create_lease'
  | 'refresh_credential'
  | 'invoke_refresh'
  | 'read_due'
  | 'create_state'
  | 'consume_state'
  | 'store_pending_code'
  | 'create_link'
  | 'use_link'
  | 'read_configuration'
  | 'write_configuration'
  | 'seal_secret'
  | 'open_secret'
  | 'seal_managed_key'
  | 'open_managed_key'
  | 'read_system_keys'
  | 'read_oauth_clients'
  | 'register_client'
  | 'read_client'
  | 'note_refused_client'
  | 'keep_client'
  | 'read_servers'
  | 'read_stream'
  | 'write_dead_letters'
  | 'publish_events';

/** A zod schema of any type. */
export type Schema = z.ZodType;

/** One operation of the API: where it is called, what it may do, what it takes and what it answers. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** API Gateway's spelling, such as `/v1/users/{userId}/resolve`. */
  path: string;
  plane: Plane;
  function: FunctionName;
  capabilities: readonly Capability[];
  /** Path parameters other than `userId`, which the chain reads. */
  params: Schema;
  query: Schema;
  /** undefined: the request has no body. */
  body: Schema | undefined;
  /** A form has text, or a list of texts for a repeated name. */
  bodyFormat: 'json' | 'form';
  /** Whether the body may be left out; it then counts as `{}`. */
  bodyOptional: boolean;
  /** The most bytes a body may have, after decoding base64. */
  maxBodyBytes: number;
  /** Whether the caller may (or must) send the version it has seen. */
  ifMatch: 'none' | 'optional' | 'required';
  /** A read that answers the version of the user as ETag. */
  etag: boolean;
  /** By status; null: no body. */
  answers: Readonly<Record<number, Schema | null>>;
  /** The codes this route answers besides those of every route (openapi/operation-errors.ts). */
  errors: readonly ErrorCode[];
}

/** The most bytes a body may have, unless its route says otherwise. */
export const MAX_BODY_BYTES = 64 * 1024;

const Nothing = z.object({});

type Defaults = {
  params: typeof Nothing;
  query: typeof Nothing;
  body: undefined;
  bodyFormat: 'json';
  bodyOptional: false;
  maxBodyBytes: number;
  ifMatch: 'none';
  etag: false;
  errors: readonly ErrorCode[];
};

type Filled<T extends Partial<Route>> = Omit<Defaults, keyof T> & T;

/** A route with its defaults filled in. Keeps the literal types, from which the types of the handlers are derived. */
export const route = <const T extends Partial<Route> & Omit<Route, keyof Defaults>>(given: T): Filled<T> => ({
  params: Nothing,
  query: Nothing,
  body: undefined,
  bodyFormat: 'json' as const,
  bodyOptional: false as const,
  maxBodyBytes: MAX_BODY_BYTES,
  ifMatch: 'none' as const,
  etag: false as const,
  errors: [],
  ...given,
});

/** The name of a route in an event of API Gateway, such as `GET /v1/health`. */
export const routeKey = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

type Parsed<S> = S extends Schema ? z.infer<S> : undefined;

/** A route of any plane may have one. */
type PlaneLink<P extends Plane> = P extends 'link' ? HeldLink : undefined;

/** A request as a handler gets it: every part parsed by the schemas of its route. */
export interface RouteRequest<R extends Route> {
  /** `sub` of the token, the user of the path or of the link. Empty on routes that concern no user. */
  userId: string;
  /** What the caller's link allows, on the link plane. */
  link: PlaneLink<R['plane']>;
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  body: Parsed<R['body']>;
  /** A browser loads the page ahead of a person who may never open it. */
  isPrefetch: boolean;
  /** The version that If-Match named. */
  expectedVersion: R['ifMatch'] extends 'required' ? number : number | undefined;
}

/** What a handler answers; the chain turns it into a response. */
export interface HandlerResult {
  status: number;
  /** Sent as JSON. */
  body?: unknown;
  /** A page instead of JSON, with its own content security policy. */
  page?: { html: string; policy: string };
  /** The user's version, sent as ETag. */
  version?: number | undefined;
  headers?: Record<string, string>;
  /** Why the request was refused, when the answer is a page: for the log line, never sent. */
  logReason?: string | undefined;
}
