// The canonical request of Signature Version 4, rebuilt from what came over the wire: raw path, raw query, raw headers and
// the body's own hash, so that no byte that matters can differ from what was signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash } from 'node:crypto';

export interface SignedRequest {
  method: string;
  /** Path and query as sent. */
  target: string;
  /** Names and values in turn, as Node gives them. */
  rawHeaders: readonly string[];
  body: Uint8Array;
}

export const sha256Hex = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

const escapeByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** Percent-encodes all but RFC 3986's unreserved characters. */
const encode = (bytes: Uint8Array): string => {
  let encoded = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9._~-]/.test(character) ? character : escapeByte(byte);
  }
  return encoded;
};

/** Node hands the request line as Latin-1, one character for each byte. */
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Encoded once more than it was sent, as every service but S3 wants it. */
const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => encode(bytesOf(segment)))
    .join('/');

const decode = (text: string): Uint8Array => {
  // A plus is a space to whoever reads the query, so it is signed as one.
  const unescaped = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return bytesOf(unescaped);
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

/** All values of a header joined by commas; undefined when it is not there. */
export const headerValue = (rawHeaders: readonly string[], name: string): string | undefined => {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map((value) => value.trim().replace(/[ \t]+/g, ' ')).join(',');
};

/** Undefined when a header said to be signed is not there. */
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
