// Which URLs a token may go to: those that its resource (RFC 8707, RFC 9728 §2) covers. A URL that a server could read as another
// path than the one it shows is covered by nothing.

/** No user information, so that nothing but the host stands before the path. */
const PARTS = /^https?:\/\/[^/?#@]+(?<path>(?:\/[^?#]*)?)(?<query>\?[^#]*)?(?<fragment>#.*)?$/i;
/** Printable ASCII without the backslash, which URL parsers read as a slash. Parsers drop tabs and line breaks. */
const PLAIN_TEXT = /^[!-[\]-~]+$/;
/**
 * Never in a path, nor in what it decodes to: an encoded dot, slash or backslash; `.` and `..`, whatever some servers cut off after them;
 * a backslash or control character.
 */
const UNPLAIN = /%(?:2e|2f|5c)|(?:^|\/)\.{1,2}(?:[/;?#\s]|$)|[^ -[\]-\uffff]/i;
/** A path that still changes after so many decodings is refused. */
const MAX_DECODINGS = 4;

/** Whether every text that a server can read in the path, however often it decodes, has the segments that the path shows. */
const isPlainPath = (path: string, decodings = 0): boolean => {
  if (decodings > MAX_DECODINGS || UNPLAIN.test(path)) return false;
  try {
    const decoded = decodeURIComponent(path);
    return decoded === path || isPlainPath(decoded, decodings + 1);
  } catch {
    // A `%` that begins no escape, or bytes that are no UTF-8: servers differ in what they make of them.
    return false;
  }
};

interface PlainUrl {
  origin: string;
  path: string;
  /** With its question mark; empty: none. */
  query: string;
  hasFragment: boolean;
}

/** Reads the text itself: a URL parser has already resolved dot segments. */
const readPlainUrl = (text: string): PlainUrl | null => {
  const parts = PLAIN_TEXT.test(text) ? PARTS.exec(text)?.groups : undefined;
  const url = URL.parse(text);
  if (!parts || !url) return null;
  const path = parts.path ?? '';
  if (!isPlainPath(path)) return null;
  const { fragment, query = '' } = parts;
  return { origin: url.origin, path: url.pathname, query, hasFragment: fragment !== undefined };
};

/** Whether a URL's path has no dot segment and no separator in it, encoded however often, and nothing but a host stands before it. */
export const hasPlainPath = (url: string): boolean => readPlainUrl(url) !== null;

/** Whether the path is the prefix, or below it. */
const isAtOrBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

/**
 * Whether a resource covers a URL: the same origin, and the resource's path is that of the URL or a prefix of it that ends at a slash.
 * A resource with a query covers only URLs with the same one.
 */
export const coversUrl = (resource: string, url: string): boolean => {
  const [covering, covered] = [readPlainUrl(resource), readPlainUrl(url)];
  if (covering === null || covered === null || covering.hasFragment) return false;
  if (covering.origin !== covered.origin || !isAtOrBelow(covered.path, covering.path)) return false;
  return covering.query === '' || covering.query === covered.query;
};

/**
 * The resource of a server without metadata: its URL in canonical form (MCP authorization, "Canonical Server URI"), without query,
 * and without the slash after a bare host. Takes a URL that the outbound policy allows.
 */
export const canonicalResource = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return pathname === '/' ? origin : `${origin}${pathname}`;
};
