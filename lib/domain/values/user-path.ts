// User ids in a URL path. Gateways decode paths and signers differ on unusual characters, so a segment holds unreserved
// characters only (RFC 3986 §2.3): `~` and base64url for any id, or the id itself where it is made of such characters.

const MAX_CODE_POINTS = 256;
const PLAIN = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
const ENCODED = '~';

/** Says whether a text can name a user: 1 to 256 code points of any Unicode, no lone surrogate. */
export const isUserId = (text: string): boolean =>
  text.length > 0 && text.length <= 2 * MAX_CODE_POINTS && text.isWellFormed() && [...text].length <= MAX_CODE_POINTS;

const base64url = (userId: string): string => ENCODED + Buffer.from(userId).toString('base64url');

/** The path segment of a user id: plain where it can be, else `~` and base64url (RFC 4648 §5, unpadded); null for no id. */
export const encodeUserSegment = (userId: string): string | null => {
  if (!isUserId(userId)) return null;
  return PLAIN.test(userId) ? userId : base64url(userId);
};

/**
 * The user id of a path segment. A segment in `~` form must be exactly what encoding gives: the decoder itself ignores padding,
 * stray bits and bad UTF-8. null for any other spelling.
 */
export const decodeUserSegment = (segment: string): string | null => {
  if (!segment.startsWith(ENCODED)) return PLAIN.test(segment) && isUserId(segment) ? segment : null;
  const userId = Buffer.from(segment.slice(ENCODED.length), 'base64url').toString();
  return isUserId(userId) && base64url(userId) === segment ? userId : null;
};

/** Text that some base64 decoder accepts: either alphabet, padded or not. */
const LENIENT = /^[\w+/-]+={0,2}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeLeniently = (text: string): string | null => {
  try {
    return LENIENT.test(text) ? utf8.decode(Buffer.from(text, 'base64url')) : null;
  } catch {
    return null;
  }
};

/**
 * What a client most likely meant by a segment that `decodeUserSegment` refuses: the id that a sloppy base64 spelling decodes to,
 * else the segment itself as an id, in the right spelling. null where neither names a user.
 */
export const suggestUserSegment = (segment: string): string | null => {
  const decoded = segment.startsWith(ENCODED) ? decodeLeniently(segment.slice(ENCODED.length)) : null;
  return (decoded === null ? null : encodeUserSegment(decoded)) ?? encodeUserSegment(segment);
};
