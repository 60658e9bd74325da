// SHA-256 digests, with a key or without, and the comparison of secrets: as digests, in constant time.
import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';

type Input = string | Uint8Array;

/** The SHA-256 digest (FIPS 180-4) of a text in UTF-8, of bytes, or of several of these one after the other. */
export const sha256Bytes = (input: Input | readonly Input[]): Buffer => {
  if (typeof input === 'string' || input instanceof Uint8Array) return hash('sha256', input, 'buffer');
  const digest = createHash('sha256');
  for (const part of input) digest.update(part);
  return digest.digest();
};

/** As `sha256Bytes`, encoded. */
export const sha256 = (input: Input | readonly Input[], encoding: 'hex' | 'base64' | 'base64url'): string =>
  sha256Bytes(input).toString(encoding);

/** HMAC-SHA-256 (FIPS 198-1) of a text, in hex. */
export const hmacSha256 = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Whether two secrets are equal. The time it takes does not depend on how much of them agrees. */
export const isEqualDigest = (a: string, b: string): boolean => timingSafeEqual(sha256Bytes(a), sha256Bytes(b));
