// Where a host-scoped credential may be sent: a host, or `*.` and a domain, with or without a port. Pattern and URL go
// through one canonicaliser (the WHATWG host parser), so a host has one spelling; what is in doubt does not match.

export interface HostPattern {
  /** Canonical: lower case, ASCII, no trailing dot, IPv6 in brackets. */
  host: string;
  /** Null: the default port of http or https, whichever the URL uses. */
  port: number | null;
  /** The host itself and every name below it. */
  wildcard: boolean;
}

/** `*.`, 253 characters and a trailing dot, `:65535`. */
const MAX_PATTERN_LENGTH = 262;
const PATTERN = /^(?<star>\*\.)?(?<host>\[[\da-f:.]+\]|[^\s:/\\?#@%[\]]+)(?::(?<port>[1-9]\d{0,4}))?$/i;
/** Underscores are no host names (RFC 1123 §2.1), yet DNS has them, and so have some vendors. */
const DOMAIN = /^(?=.{1,253}$)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/;
/** Among canonical hosts only IPv4 addresses do. */
const ENDS_IN_NUMBER = /\.\d+$/;

/** The scheme and an authority that every URL parser ends at the same place: no userinfo, no backslash, no white space. */
const PLAIN_AUTHORITY = /^https?:\/\/[^\s/\\?#@]+(?:[/?#]|$)/i;

const canonicalHost = (hostname: string): string | null => {
  if (hostname.startsWith('[')) return hostname;
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return DOMAIN.test(host) ? host : null;
};

/** A wildcard wants a domain of two labels: nobody owns `com`. That nobody owns `co.uk` either is not known here. */
const mayBeWildcard = (host: string): boolean => host.includes('.') && !ENDS_IN_NUMBER.test(host);

/** Reads a pattern; null when it is none: a URL, a bare `*`, a wildcard elsewhere, over an address or over one label. */
export const parseHostPattern = (text: string): HostPattern | null => {
  const parts = text.length > MAX_PATTERN_LENGTH ? undefined : PATTERN.exec(text)?.groups;
  if (parts === undefined) return null;
  const host = canonicalHost(URL.parse(`http://${parts.host}/`)?.hostname ?? '');
  const port = parts.port === undefined ? null : Number(parts.port);
  const wildcard = parts.star !== undefined;
  if (host === null || (port ?? 0) > 65_535 || (wildcard && !mayBeWildcard(host))) return null;
  return { host, port, wildcard };
};

/** The one spelling of a pattern, as it is stored and shown; null when it is no pattern. */
export const normalizeHostPattern = (text: string): string | null => {
  const pattern = parseHostPattern(text);
  if (pattern === null) return null;
  return `${pattern.wildcard ? '*.' : ''}${pattern.host}${pattern.port === null ? '' : `:${pattern.port}`}`;
};

const parseHttpUrl = (text: string): URL | null => (PLAIN_AUTHORITY.test(text) ? URL.parse(text) : null);

/** `URL` leaves the port out when it is the scheme's own. */
const portFits = (port: number | null, url: URL): boolean =>
  port === null ? url.port === '' : port === Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** Says whether headers stored for `pattern` may go to `url`, an http or https URL without userinfo. */
export const matchesHost = (pattern: string, url: string): boolean => {
  const wanted = parseHostPattern(pattern);
  const target = parseHttpUrl(url);
  if (wanted === null || target === null || !portFits(wanted.port, target)) return false;
  const host = canonicalHost(target.hostname);
  return host !== null && (host === wanted.host || (wanted.wildcard && host.endsWith(`.${wanted.host}`)));
};
