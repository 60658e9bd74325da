// User ids in a URL path. Gateways decode paths and signers differ on odd characters, so every id has one spelling made
// of unreserved characters (RFC 3986 §2.3), and any other spelling is no id at all.

const MAX_CODE_POINTS = 256;
const PLAIN = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** Says whether a text can name a user: 1 to 256 code points of any Unicode, no lone surrogate. */
export const isUserId = (text: string): boolean =>
  text.length > 0 && text.length <= 2 * MAX_CODE_POINTS && text.isWellFormed() && [...text].length <= MAX_CODE_POINTS;

/** The path segment of a user id, plain or `~` and base64url (RFC 4648 §5, unpadded); null for what is no user id. */
export const encodeUserSegment = (userId: string): string | null => {
  if (!isUserId(userId)) return null;
  return PLAIN.test(userId) ? userId : `~${Buffer.from(userId).toString('base64url')}`;
};

/** The user id that a path segment spells, or null when it is not the one spelling that `encodeUserSegment` gives. */
export const decodeUserSegment = (segment: string): string | null => {
  const userId = segment.startsWith('~') ? Buffer.from(segment.slice(1), 'base64url').toString() : segment;
  // Decoding is lenient about padding, stray bits and bad UTF-8; encoding again shows every such leniency.
  return encodeUserSegment(userId) === segment ? userId : null;
};
