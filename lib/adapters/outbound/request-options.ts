// Builds Node's options for a request to a checked address. The connection goes to the address, while TLS and the Host header keep
// the name. Callers cannot set headers that control the connection.
import type { RequestOptions } from 'node:https';

/** A request besides its URL. */
export interface OutboundRequest {
  method: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Reddit refuses requests without a descriptive user agent. */
const USER_AGENT = 'keyhold/1.0 (OAuth client of a credential broker)';
/** Compressed bodies are read too (`read-body.ts`), but there is nothing to gain: replies are small. */
const FIXED = { 'user-agent': USER_AGENT, 'accept-encoding': 'identity' };
/** 64 KB of header fields, and the status line. Node's own limit is 16 KB. */
const MAX_HEADER_BYTES = 68 * 1024;
const RESERVED_HEADERS =
  /^(?:host|cookie|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/;

const allowedHeaders = (headers: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !RESERVED_HEADERS.test(name));

const requestHeaders = (url: URL, { headers = {}, body }: OutboundRequest): Record<string, string> => ({
  accept: 'application/json',
  ...Object.fromEntries(allowedHeaders(headers)),
  ...FIXED,
  host: url.host,
  // Node omits it from a DELETE.
  ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
});

/** The options for `node:https` or `node:http`. */
export const requestOptions = (url: URL, address: string, request: OutboundRequest): RequestOptions => ({
  host: address,
  servername: url.hostname,
  port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  path: `${url.pathname}${url.search}`,
  method: request.method,
  maxHeaderSize: MAX_HEADER_BYTES,
  headers: requestHeaders(url, request),
  // A new connection for each request: a pooled one would skip the address check.
  agent: false,
});
