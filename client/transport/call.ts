// One call of the service over fetch: the request is built from a row of the route table and authorized for each attempt; a refusal
// becomes a KeyholdError. Redirects are refused, so what authorizes a call reaches no other place.
import { KeyholdError } from '../keyhold-error.ts';
import { endWith } from './end-with.ts';
import { makeHeaders } from './make-headers.ts';
import { readAnswer } from './read-answer.ts';
import { type RetryLimits, retry } from './retry.ts';
import { encodeUserSegment } from './user-segment.ts';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; the promise is then rejected with the reason of the signal. */
  signal?: AbortSignal | undefined;
}

/** One route of the service. */
export interface Route {
  method: string;
  path: string;
  hasBody?: true;
}

/** Method names of a client, and the route each calls. */
export type RouteTable = Readonly<Record<string, Route>>;

/** A request before it is authorized. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

/** How a client reaches the service. */
export interface Transport extends RetryLimits {
  /** The address of the service, without a slash at the end. */
  baseUrl: string;
  /** The headers to send: those of the request and what authorizes it. Called for each attempt. */
  authorize(request: OutgoingRequest): Promise<Record<string, string>>;
  fetch: typeof globalThis.fetch;
}

type Options = CallOptions & { ifMatch?: number } & Record<string, unknown>;

const NOT_IN_QUERY = new Set(['signal', 'ifMatch']);

const encodeParameter = (name: string, value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  return name === 'userId' ? encodeUserSegment(value) : encodePathSegment(name, value);
};

/** Ids hold no character that needs encoding, save what no gateway passes on unchanged. */
const encodePathSegment = (name: string, value: string): string => {
  if (/^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/.test(value)) return value;
  throw new TypeError(`${name} must be 1 to 128 characters of A–Z a–z 0–9 . _ : - and not . or ..`);
};

const fillPath = (path: string, values: unknown[]): string => {
  const left = [...values];
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeParameter(name, left.shift()));
};

const buildUrl = (baseUrl: string, path: string, options: Options): URL => {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !NOT_IN_QUERY.has(name)) url.searchParams.set(name, String(value));
  }
  return url;
};

/** The request of a route, from the arguments of its method: the values of its path, then the body, then the options. */
export const buildRequest = (baseUrl: string, route: Route, args: readonly unknown[]): OutgoingRequest => {
  const pathCount = route.path.match(/\{\w+\}/g)?.length ?? 0;
  const body = route.hasBody ? JSON.stringify(args[pathCount] ?? {}) : undefined;
  const options = readOptions(route, args);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (options.ifMatch !== undefined) headers['if-match'] = `"v${options.ifMatch}"`;
  const path = fillPath(route.path, args.slice(0, pathCount));
  return { method: route.method, url: buildUrl(baseUrl, path, options), headers, body };
};

const readOptions = (route: Route, args: readonly unknown[]): Options => {
  const pathCount = route.path.match(/\{\w+\}/g)?.length ?? 0;
  return (args[pathCount + (route.hasBody ? 1 : 0)] ?? {}) as Options;
};

/** Above the 30 seconds after which API Gateway gives up. */
const ATTEMPT_MILLISECONDS = 35_000;

const unreachable = (title: string, cause?: unknown): KeyholdError =>
  new KeyholdError({ code: 'unreachable', status: 0, title, cause });

/** What the application's function throws is thrown as it is; a token that no header can carry, as an error without it. */
const authorized = async (transport: Transport, request: OutgoingRequest, ended: AbortSignal): Promise<RequestInit> => {
  const fields = await endWith(ended, transport.authorize(request));
  const headers = makeHeaders(fields, 'the token or session token has a character that no header can carry');
  const { method, body } = request;
  return {
    method,
    headers,
    redirect: 'error',
    cache: 'no-store',
    ...(body !== undefined && { body }),
  };
};

const exchange = async (transport: Transport, { url }: OutgoingRequest, init: RequestInit): Promise<unknown> => {
  try {
    return await readAnswer(await transport.fetch(url, init));
  } catch (error) {
    if (error instanceof KeyholdError) throw error;
    throw unreachable('No answer from the service', error);
  }
};

const send = async (transport: Transport, request: OutgoingRequest, signal: AbortSignal | undefined) => {
  // Not AbortSignal.timeout: its timer would live on after the answer, thousands of them in a long run.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(unreachable('No answer in time')), ATTEMPT_MILLISECONDS);
  const ended = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    const init = await authorized(transport, request, ended);
    return await exchange(transport, request, { ...init, signal: ended });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

/** Calls a route. Throws `KeyholdError`, or the reason of the caller's signal. */
export const call = (transport: Transport, route: Route, args: readonly unknown[]): Promise<unknown> => {
  const request = buildRequest(transport.baseUrl, route, args);
  const { signal, ifMatch } = readOptions(route, args);
  const given = { route, hasIfMatch: ifMatch !== undefined, signal };
  return retry(transport, given, () => send(transport, request, signal));
};

/** The methods of a route table; the generated interface of the same table is their type. */
export const makeMethods = <Methods>(transport: Transport, routes: RouteTable): Methods => {
  const entries = Object.entries(routes).map(([name, route]) => [
    name,
    async (...args: unknown[]) => call(transport, route, args),
  ]);
  return Object.fromEntries(entries) as Methods;
};
