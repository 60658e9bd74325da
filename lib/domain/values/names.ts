// The identifiers of the contract: credential ids and provider names, user ids, titles, times on the wire.
import * as z from 'zod';
import { isUserId } from './user-path.ts';

/** Ids are opaque; `.` and `..` are left out because every URL parser removes them from a path (RFC 3986 §5.2.4). */
const OPAQUE = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/;

export const CredentialId = z.string().regex(OPAQUE, '1 to 128 of A–Z a–z 0–9 . _ : - (and not . or ..)');

export const ProviderName = z.string().max(64).regex(OPAQUE, '1 to 64 of A–Z a–z 0–9 . _ : - (and not . or ..)');

export const UserId = z.string().refine(isUserId, '1 to 256 Unicode characters');

/** Text that can be stored: bounded, without lone surrogates (they have no UTF-8) and without control characters. */
export const boundedText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters');

export const Title = boundedText(256);

/** An instant on the wire (ISO 8601 UTC), epoch milliseconds inside. */
export const WireTime = z.iso.datetime().transform((text) => Date.parse(text));

export const toWireTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** RFC 6749 §3.3 scope-token, less the comma, which providers use as a separator too. */
export const ScopeToken = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,512}$/, 'a scope without spaces or commas');
export const Scopes = z.array(ScopeToken).max(200);
