// Which URLs the token of an MCP server may go to (RFC 8707): those at or below its resource. The service decides the same when it
// resolves by URL; here it is decided again for a path and for each redirect.

/**
 * Never in a path, nor in what it decodes to: an encoded dot, slash or backslash; `.` and `..`, whatever some servers cut off after them;
 * a backslash or control character. A server may then read another path than the URL shows.
 */
const UNPLAIN = /%(?:2e|2f|5c)|(?:^|\/)\.{1,2}(?:[/;?#\s]|$)|[^ -[\]-\uffff]/i;
/** A path that still changes after so many decodings is refused. */
const MAX_DECODINGS = 4;

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

const isAtOrBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

/** Whether a credential whose resource this is may go to the URL. null: it is of no MCP server, and no resource limits it. */
export const isWithinResource = (resource: string | null | undefined, url: URL): boolean => {
  if (resource == null) return true;
  const covering = URL.parse(resource);
  if (!covering || covering.origin !== url.origin) return false;
  if (!isPlainPath(url.pathname)) return false;
  if (covering.search !== '' && covering.search !== url.search) return false;
  return isAtOrBelow(url.pathname, covering.pathname);
};
