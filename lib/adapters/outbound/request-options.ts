// How a checked URL is requested from a checked address: the connection goes to the address, TLS and Host keep the name, and
// the few headers that a caller has no business with are not his to set.
import type { RequestOptions } from 'node:https';

export interface OutboundRequest {
  method: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Reddit refuses callers that do not say what they are. */
const USER_AGENT = 'keyhold/1.0 (OAuth client of a credential broker)';
/** Compressed bodies are refused: their size is not known before they are read. */
const FIXED = { 'user-agent': USER_AGENT, 'accept-encoding': 'identity' };
const NOT_THE_CALLERS =
  /^(?:host|cookie|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/;

const callersHeaders = (headers: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !NOT_THE_CALLERS.test(name));

const headersOf = (url: URL, { headers = {}, body }: OutboundRequest): Record<string, string> => ({
  accept: 'application/json',
  ...Object.fromEntries(callersHeaders(headers)),
  ...FIXED,
  host: url.host,
  // Node leaves it out of a DELETE.
  ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
});

/** What node:https or node:http takes. */
export const requestOptions = (url: URL, address: string, request: OutboundRequest): RequestOptions => ({
  host: address,
  servername: url.hostname,
  port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  path: `${url.pathname}${url.search}`,
  method: request.method,
  headers: headersOf(url, request),
  // A connection of its own: none is kept for a name whose address may have changed.
  agent: false,
});
