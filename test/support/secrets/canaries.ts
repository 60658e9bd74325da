// Secrets that are easy to find again: random for each run, and searched for in text or bytes in plain form and in every encoding
// in which code, a log or a file could leak them.
import { randomBytes } from 'node:crypto';

export interface Finding {
  /** The kind of the secret, never its value. */
  kind: string;
  encoding: string;
}

/** Secrets by their kind. */
export type Canaries = ReadonlyMap<string, string>;

/** Characters that encodings write differently; all are allowed in an HTTP field. */
const MIDDLE = '"\\/+=&%<é ~?#';
/** How much of each end is searched for: too long to occur by chance, short enough for a quote (V8 quotes ten characters). */
const [FIRST, LAST] = [8, 12];

/** A unique secret: plain random characters at both ends, special characters in the middle. */
export const canary = (): string =>
  `${randomBytes(15).toString('base64url')}${MIDDLE}${randomBytes(9).toString('hex')}`;

/** Base64 of the bytes at an offset in a longer text: only the characters that do not depend on the neighbouring bytes. */
const base64At = (bytes: Buffer, offset: number): string => {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
};

const toUrlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

const percent = (bytes: Buffer) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const unicodeEscapes = (text: string) =>
  text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const binaryForms = (name: string, text: string): Record<string, string | Buffer> => {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((offset) => [offset, base64At(bytes, offset)] as const);
  return {
    [name]: bytes,
    [`${name} in UTF-16`]: Buffer.from(text, 'utf16le'),
    [`${name} in hex`]: bytes.toString('hex'),
    [`${name} in upper case hex`]: bytes.toString('hex').toUpperCase(),
    ...Object.fromEntries(base64.map(([offset, encoded]) => [`${name} in base64 at ${offset}`, encoded])),
    ...Object.fromEntries(base64.map(([offset, encoded]) => [`${name} in base64url at ${offset}`, toUrlSafe(encoded)])),
  };
};

const textForms = (secret: string): Record<string, string | Buffer> => {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const whole = percent(Buffer.from(secret));
  return {
    'in Latin-1': Buffer.from(secret, 'latin1'),
    'URL-encoded': url,
    'URL-encoded in lower case': url.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()),
    'URL-encoded whole': whole,
    'URL-encoded whole in upper case': whole.toUpperCase(),
    'form-encoded': new URLSearchParams([['', secret]]).toString().slice(1),
    'JSON-escaped': json,
    'JSON-escaped to ASCII': unicodeEscapes(json),
    'JSON-escaped with slashes': json.replaceAll('/', '\\/'),
    'JSON-escaped twice': JSON.stringify(json).slice(1, -1),
  };
};

/** The encodings of a secret, by name. Its ends are included, since a truncated text may contain only these. */
export const listEncodings = (secret: string): Record<string, string | Buffer> => ({
  ...binaryForms('all', secret),
  ...binaryForms('beginning', secret.slice(0, FIRST)),
  ...binaryForms('end', secret.slice(-LAST)),
  ...textForms(secret),
});

const needles = new Map<string, [encoding: string, needle: Buffer][]>();

const findNeedles = (secret: string): [string, Buffer][] => {
  const known = needles.get(secret);
  if (known) return known;
  const made = Object.entries(listEncodings(secret)).map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]);
  needles.set(secret, made);
  return made;
};

/** The canaries that the text or bytes contain: each once, with the first encoding found. */
export const findCanaries = (haystack: string | Uint8Array, canaries: Canaries): Finding[] => {
  const bytes = Buffer.from(haystack as string);
  return [...canaries].flatMap(([kind, secret]) => {
    const found = findNeedles(secret).find(([, needle]) => bytes.includes(needle));
    return found ? [{ kind, encoding: found[0] }] : [];
  });
};
