// Builds the canonical request of Signature Version 4 from the bytes that were received: raw path, raw query, raw headers and
// the hash of the body. So every byte that the signature covers is checked.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { sha256 } from '../../lib/domain/values/digest.ts';

/** A received request, undecoded. */
export interface SignedRequest {
  method: string;
  /** Path and query as sent. */
  target: string;
  /** Names and values alternating, as Node gives them. */
  rawHeaders: readonly string[];
  body: Uint8Array;
}

/** SHA-256 in lower-case hex. */
export const sha256Hex = (content: Uint8Array | string): string => sha256(content, 'hex');

const escapeByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** Percent-encodes all but the unreserved characters of RFC 3986 §2.3. */
const encode = (bytes: Uint8Array): string => {
  let encoded = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9._~-]/.test(character) ? character : escapeByte(byte);
  }
  return encoded;
};

/** Node gives the request line as Latin-1, one character for each byte. */
const toBytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Encoded once more than it was sent, as every service except S3 requires. */
const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => encode(toBytes(segment)))
    .join('/');

const decode = (text: string): Uint8Array => {
  // Services read a plus in the query as a space, so it is signed as one.
  const unescaped = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return toBytes(unescaped);
};

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s))
    .map(([name = '', value = '']) => [encode(decode(name)), encode(decode(value))] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** All values of a header, joined by commas; undefined when it is missing. */
export const headerValue = (rawHeaders: readonly string[], name: string): string | undefined => {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map((value) => value.trim().replace(/[ \t]+/g, ' ')).join(',');
};

/** Undefined when a header that is listed as signed is missing. */
export const canonicalRequest = (request: SignedRequest, signedHeaders: readonly string[]): string | undefined => {
  const { method, target, rawHeaders, body } = request;
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const values = signedHeaders.map((name) => headerValue(rawHeaders, name));
  if (values.includes(undefined)) return undefined;
  const headerLines = signedHeaders.map((name, index) => `${name}:${values[index]}\n`).join('');
  const lines = [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    headerLines,
    signedHeaders.join(';'),
    sha256Hex(body),
  ];
  return lines.join('\n');
};
