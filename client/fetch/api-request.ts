// The arguments of `fetch`, read once: what to send, and whether it can be sent a second time.

/** A request to an API, before the credential is added. */
export interface ApiRequest {
  /** A whole URL, or a path to append to the provider's base URL. */
  url: string;
  method: string;
  headers: Headers;
  body: RequestInit['body'];
  signal: AbortSignal | undefined;
  redirect: 'follow' | 'error' | 'manual';
  /** What else the caller gave. */
  rest: RequestInit;
  /** Whether the body is still there after it was sent. */
  canRepeat: boolean;
}

const isStream = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && (body instanceof ReadableStream || Symbol.asyncIterator in body);

const fromRequest = (input: Request): RequestInit => ({
  method: input.method,
  headers: input.headers,
  body: input.body,
  signal: input.signal,
  redirect: input.redirect,
});

/** Reads the arguments of `fetch`; those of `init` win over those of a `Request`. */
export const readRequest = (input: string | URL | Request, init: RequestInit): ApiRequest => {
  const given: RequestInit = input instanceof Request ? { ...fromRequest(input), ...init } : init;
  const { method = 'GET', headers, body = null, signal, redirect = 'follow', ...rest } = given;
  return {
    url: input instanceof Request ? input.url : String(input),
    method: method.toUpperCase(),
    headers: new Headers(headers),
    body,
    signal: signal ?? undefined,
    redirect,
    rest,
    canRepeat: !isStream(body),
  };
};
