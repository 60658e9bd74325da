// The identifiers and texts of the HTTP contract: credential and user ids, provider names, titles, scopes, times.
import * as z from 'zod';
import { isUserId } from './user-path.ts';

/** `.` and `..` are excluded because every URL parser removes them from a path (RFC 3986 §5.2.4). */
const OPAQUE = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/;

/** The id of a credential: opaque, unique per user. */
export const CredentialId = z.string().regex(OPAQUE, '1 to 128 of A–Z a–z 0–9 . _ : - (and not . or ..)');

/** The name of a provider, such as `github`; or of any service, for a key the user brings. */
export const ProviderName = z.string().max(64).regex(OPAQUE, '1 to 64 of A–Z a–z 0–9 . _ : - (and not . or ..)');

/** The application's id of a user: any text, often an e-mail address. */
export const UserId = z.string().refine(isUserId, '1 to 256 Unicode characters');

/** Text of 1 to `maxLength` UTF-16 units, without lone surrogates (they have no UTF-8 form) and control characters. */
export const boundedText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

/** Control characters, and those that reorder or hide the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Whether the text has a control character, or one that reorders or hides the text around it. */
export const hasInvisible = (text: string): boolean => text.search(INVISIBLE) !== -1;

const MAX_NAME_LENGTH = 256;

/** A name as a provider tells it, for people: without invisible characters, of at most 256 code points; null if nothing is left. */
export const cleanName = (text: string): string | null => {
  // Cut between code points. The first slice bounds the work: a code point has at most two units, plus invisible ones.
  const visible = text.slice(0, 4 * MAX_NAME_LENGTH).replaceAll(INVISIBLE, '');
  const name = [...visible].slice(0, MAX_NAME_LENGTH).join('').trim();
  return name === '' ? null : name;
};

/** A title that a user gives a credential. */
export const Title = boundedText(256);

/** A time in a request (RFC 3339, UTC), parsed to epoch milliseconds. */
export const WireTime = z.iso.datetime().transform((text) => Date.parse(text));

/** Epoch milliseconds as an answer shows them (RFC 3339, UTC). */
export const toWireTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A scope-token (RFC 6749 §3.3) without the comma, which some providers use as a separator. */
export const ScopeToken = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,512}$/, 'a scope without spaces or commas');

/** How long all scopes of a credential are together, with one separator after each. They stand in every list of the user. */
export const MAX_SCOPES_BYTES = 4_096;

/** As many of the scopes, from the first on, as fit into the limit. */
export const boundScopes = (scopes: readonly string[]): string[] => {
  let bytes = 0;
  return scopes.filter((scope) => {
    bytes += Buffer.byteLength(scope) + 1;
    return bytes <= MAX_SCOPES_BYTES;
  });
};

/** Whether the scopes fit into the limit together. */
export const scopesFit = (scopes: readonly string[]): boolean => boundScopes(scopes).length === scopes.length;

const VariableName = z.string().regex(/^\w{1,64}$/, 'a variable’s name must be 1 to 64 letters, digits or underscores');

/** Values of the variables in a provider's URLs, such as a tenant or shop. The record's patterns are checked where it is known. */
export const Variables = z
  .record(VariableName, z.string().max(253))
  .refine((variables) => Object.keys(variables).length <= 32, 'at most 32 variables')
  .meta({ description: 'Values for the placeholders in the URLs of the provider, such as a tenant or shop.' });

/** A list of scopes. */
export const Scopes = z
  .array(ScopeToken)
  .max(200)
  .refine(scopesFit, `at most ${MAX_SCOPES_BYTES} bytes together, with a separator after each`);
