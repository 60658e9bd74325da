// Comparing secrets: only as digests, and in a time that does not tell how much of them agrees.
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** For a content security policy (CSP Level 3, hash-source). */
export const sha256Base64 = (text: string): string => digest(text).toString('base64');

/** For spreading things by name; nothing is compared by it. */
export const sha256Hex = (text: string): string => digest(text).toString('hex');

export const isEqualDigest = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
