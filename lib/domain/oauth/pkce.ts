// Makes the random values that tie an OAuth flow to the caller who started it: the state token and the PKCE pair (RFC 7636).
// The randomness is passed in, so that a simulated run can be repeated.
import { sha256 } from '../values/digest.ts';

/** A source of random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const STATE_BYTES = 32;
/** 96 bytes make 128 characters, the maximum of RFC 7636 §4.1. */
const VERIFIER_BYTES = 96;

const toBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A new state token: 256 bits, 43 characters (RFC 6749 §10.12). */
export const newStateToken = (randomBytes: RandomBytes): string => toBase64url(randomBytes(STATE_BYTES));

/** A new code verifier of 128 characters (RFC 7636 §4.1). */
export const newCodeVerifier = (randomBytes: RandomBytes): string => toBase64url(randomBytes(VERIFIER_BYTES));

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export const codeChallenge = (verifier: string): string => sha256(verifier, 'base64url');
