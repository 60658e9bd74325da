// Which URLs a token may go to: those that its resource (RFC 8707, RFC 9728 §2) covers. A URL that a server could read as another
// path than the one it shows is covered by nothing.

/** No user information, so that nothing but the host stands before the path. */
const PARTS = /^https?:\/\/[^/?#@]+(?<path>(?:\/[^?#]*)?)(?<query>\?[^#]*)?(?<fragment>#.*)?$/i;
/** Printable ASCII without the backslash, which URL parsers read as a slash. Parsers drop tabs and line breaks. */
const PLAIN_TEXT = /^[!-[\]-~]+$/;
/** `.` and `..`, also with the parameters after `;` that some servers take off. */
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:;[^/]*)?(?:\/|$)/;
/** A dot, slash or backslash in percent-encoding, also encoded more than once. */
const ENCODED_SEPARATOR = /%(?:25)*(?:2e|2f|5c)/i;

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
  if (DOT_SEGMENT.test(path) || ENCODED_SEPARATOR.test(path)) return null;
  const { fragment, query = '' } = parts;
  return { origin: url.origin, path: url.pathname, query, hasFragment: fragment !== undefined };
};

/** Whether a URL's path has no dot segment and no encoded separator, and nothing but a host stands before it. */
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
