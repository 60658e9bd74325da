// Which URLs the token of an MCP server may go to (RFC 8707): those at or below its resource. The service decides the same when it
// resolves by URL; here it is decided again for a path and for each redirect.

/** A dot, slash or backslash in percent-encoding, also encoded more than once: a server may read another path than the URL shows. */
const ENCODED_SEPARATOR = /%(?:25)*(?:2e|2f|5c)/i;
/** `.` and `..` with the parameters that some servers take off; without them a URL parser has resolved them already. */
const DOT_SEGMENT = /\/\.{1,2};/;

const isAtOrBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

/** Whether a credential whose resource this is may go to the URL. null: it is of no MCP server, and no resource limits it. */
export const isWithinResource = (resource: string | null | undefined, url: URL): boolean => {
  if (resource == null) return true;
  const covering = URL.parse(resource);
  if (!covering || covering.origin !== url.origin) return false;
  if (ENCODED_SEPARATOR.test(url.pathname) || DOT_SEGMENT.test(url.pathname)) return false;
  if (covering.search !== '' && covering.search !== url.search) return false;
  return isAtOrBelow(url.pathname, covering.pathname);
};
