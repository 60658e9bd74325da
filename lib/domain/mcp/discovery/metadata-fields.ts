// The fields that both metadata documents have, bounded. A list that only informs may be malformed or too long: it then counts as
// not listed, because a server works without it.
import * as z from 'zod';

/** A URL; the outbound policy decides whether it may be called. */
export const UrlText = z.string().min(1).max(2048);

/** Words of a protocol, such as grant types; null: not listed. */
export const WordList = z.array(z.string().max(256)).max(100).nullable().catch(null);

/** A scope token (RFC 6749 §3.3). */
const Scope = z.string().regex(/^[!#-[\]-~]{1,256}$/);

/** Scopes; null: not listed. */
export const ScopeList = z.array(Scope).max(100).nullable().catch(null);

/** A capability; anything but true is none. */
export const Flag = z.boolean().catch(false);
