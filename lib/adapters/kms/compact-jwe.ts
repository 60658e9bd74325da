// Compact JWE (RFC 7516 §7.1) with one algorithm: `dir` (RFC 7518 §4.5) and A256GCM (§5.3). Synchronous, by node:crypto: for a
// document as small as a credential, WebCrypto's hand-over to a thread costs several times the encryption.
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** The length of an IV in bytes. */
export const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' } as const;

/** Protected header, empty encrypted key, 96-bit IV, ciphertext and 128-bit tag, in base64url without padding. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/** The whole text, header, IV, ciphertext and tag. */
type Parts = [string, string, string, string, string];

/** The parameters of a protected header. */
type Header = Readonly<Record<string, unknown>>;

/** A decrypted JWE. */
export interface Decrypted {
  plaintext: string;
  header: Header;
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** A key that is given to a cipher as bytes costs 20 µs more. */
const readKey = (key: Uint8Array): KeyObject => {
  if (key.byteLength !== KEY_BYTES) throw new Error('A256GCM needs a key of 256 bits');
  return createSecretKey(key);
};

/** What a document is encrypted with: a key of 32 bytes, and an IV of 12 that must never be used twice with that key. */
export interface EncryptWith {
  key: Uint8Array;
  iv: Uint8Array;
}

/** Encrypts `plaintext`. `parameters` join `alg` and `enc` in the protected header. */
export const encryptCompact = (plaintext: string, parameters: Header, { key, iv }: EncryptWith): string => {
  const header = encode(JSON.stringify({ ...ALGORITHMS, ...parameters }));
  const cipher = createCipheriv(CIPHER, readKey(key), iv);
  // RFC 7516 §5.1, step 14: the additional authenticated data is the encoded protected header.
  cipher.setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64url');
  return `${header}..${Buffer.from(iv).toString('base64url')}.${ciphertext}.${cipher.getAuthTag().toString('base64url')}`;
};

/** `crit` and `zip` would change how the rest must be read (RFC 7516 §4.1.3, §4.1.13): neither is understood here. */
const readHeader = (encoded: string): Header => {
  const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
  if (typeof header !== 'object' || header === null) throw new Error('the JWE header is not an object');
  const { alg, enc, crit, zip } = header as Header;
  if (alg !== ALGORITHMS.alg || enc !== ALGORITHMS.enc) throw new Error('the JWE has another algorithm');
  if (crit !== undefined || zip !== undefined) throw new Error('the JWE has an extension');
  return header as Header;
};

/** Decrypts a compact JWE with `key` (32 bytes). Throws an Error without a code if it is no such JWE, or not made with this key. */
export const decryptCompact = (compact: string, key: Uint8Array): Decrypted => {
  const parts = COMPACT.exec(compact) as Parts | null;
  if (parts === null) throw new Error('not a compact JWE');
  const [, protectedHeader, iv, ciphertext, tag] = parts;
  const header = readHeader(protectedHeader);
  const decipher = createDecipheriv(CIPHER, readKey(key), Buffer.from(iv, 'base64url'), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(protectedHeader));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  const plain = Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]);
  return { plaintext: plain.toString(), header };
};
