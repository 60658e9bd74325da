// Sends a request with a credential, and follows redirects itself: fetch would take the headers of an API key along to any place a
// redirect names. What leaves the origin, or an MCP server's resource, goes on without the credential and without what the caller sent to authenticate.
import type { ResolvedCredential } from '../generated/api-types.ts';
import { makeHeaders } from '../transport/make-headers.ts';
import type { ApiRequest } from './api-request.ts';
import { showUrl, withoutKeys } from './hide-query.ts';
import { isWithinResource } from './resource.ts';
import { refuseUserName } from './target-url.ts';

/** What to send, where to, and with which credential. */
export interface Sending {
  request: ApiRequest;
  target: URL;
  credential: ResolvedCredential;
}

/** An answer, and whether the request it answers had the credential. */
export interface Sent {
  response: Response;
  hadCredential: boolean;
}

/** One request of a chain of redirects. */
interface Hop {
  /** Without the key of the credential. */
  url: URL;
  method: string;
  headers: Headers;
  body: RequestInit['body'];
  hasCredential: boolean;
}

/** As in browsers (Fetch Standard, HTTP-redirect fetch). */
const MAX_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers of the caller that are for the first origin only. */
const FOR_FIRST_ORIGIN = ['authorization', 'cookie', 'proxy-authorization'];
const OF_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length'];

const addCredential = (
  { url, headers, hasCredential }: Hop,
  { credential }: Sending,
): { url: URL; headers: Headers } => {
  const sent = { url: new URL(url), headers: new Headers(headers) };
  if (!hasCredential) return sent;
  const secret = makeHeaders(credential.headers, 'the credential has a character that no header can carry');
  for (const [name, value] of secret) sent.headers.set(name, value);
  for (const [name, value] of Object.entries(credential.query)) sent.url.searchParams.set(name, value);
  return sent;
};

const sendHop = (send: typeof globalThis.fetch, hop: Hop, sending: Sending): Promise<Response> => {
  const { url, headers } = addCredential(hop, sending);
  const { signal, rest, canRepeat } = sending.request;
  const init: RequestInit & { duplex?: 'half' } = { ...rest, method: hop.method, headers, redirect: 'manual' };
  if (signal) init.signal = signal;
  if (hop.body != null) init.body = hop.body;
  if (hop.body != null && !canRepeat) init.duplex = 'half';
  return send(url, init);
};

const turnsToGet = (status: number, method: string): boolean =>
  (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');

const without = (headers: Headers, names: readonly string[]): Headers => {
  const kept = new Headers(headers);
  for (const name of names) kept.delete(name);
  return kept;
};

/** What authenticates at the first origin: a header of the credential's name may have been given by the caller too. */
const headersToDrop = ({ credential }: Sending): string[] => [...FOR_FIRST_ORIGIN, ...Object.keys(credential.headers)];

/** The origin that it was resolved for; of an MCP server, only what its resource covers. */
const mayHaveCredential = (url: URL, { target, credential }: Sending): boolean =>
  url.origin === target.origin && isWithinResource(credential.credential.resource, url);

/** The next request of a chain. Throws `TypeError` for a place or a body that cannot be followed, as fetch does. */
const nextHop = (hop: Hop, response: Response, sending: Sending): Hop => {
  const url = URL.parse(response.headers.get('location') ?? '', hop.url.href);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new TypeError('a redirect leads to no http URL');
  const isGet = turnsToGet(response.status, hop.method);
  if (!isGet && hop.body != null && !sending.request.canRepeat) {
    throw new TypeError('a redirect wants the body again, and a stream cannot be sent twice');
  }
  refuseUserName(url);
  const hasCredential = hop.hasCredential && mayHaveCredential(url, sending);
  const leaves = url.origin !== hop.url.origin || hasCredential !== hop.hasCredential;
  const headers = without(hop.headers, [...(isGet ? OF_BODY : []), ...(leaves ? headersToDrop(sending) : [])]);
  return {
    // It may repeat the query of the request, the key included.
    url: withoutKeys(url, sending.credential.query),
    method: isGet ? 'GET' : hop.method,
    headers,
    body: isGet ? null : hop.body,
    hasCredential,
  };
};

const isFollowed = (response: Response): boolean => REDIRECTS.has(response.status) && response.headers.has('location');

/** Sends and follows. The credential is dropped for good at the first hop that may not have it. */
export const sendFollowing = async (send: typeof globalThis.fetch, sending: Sending): Promise<Sent> => {
  const { request, target } = sending;
  let hop: Hop = { ...request, url: target, hasCredential: true };
  for (let redirects = 0; ; redirects++) {
    const response = await sendHop(send, hop, sending);
    if (!isFollowed(response) || request.redirect === 'manual') {
      return { response: showUrl(response, hop.url), hadCredential: hop.hasCredential };
    }
    await response.body?.cancel();
    if (request.redirect === 'error') throw new TypeError('the API answered a redirect');
    if (redirects === MAX_REDIRECTS) throw new TypeError('the API redirects too often');
    hop = nextHop(hop, response, sending);
  }
};
