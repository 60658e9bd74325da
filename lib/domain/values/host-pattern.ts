// Where a host-scoped credential may be sent: a host, or `*.` and a domain, with or without a port. Pattern and URL go through
// the same parser (WHATWG URL), so a host has one spelling. An ambiguous URL never matches: the headers stay here.

/** A parsed pattern. */
export interface HostPattern {
  /** As the URL parser writes it: lower case, ASCII, no trailing dot, IPv6 in brackets. */
  host: string;
  /** null: the default port of the URL's scheme. */
  port: number | null;
  /** The host itself and every name below it. */
  wildcard: boolean;
}

/** `*.`, 253 characters, a trailing dot, `:65535`. */
const MAX_PATTERN_LENGTH = 262;
const PATTERN = /^(?<star>\*\.)?(?<host>\[[\da-f:.]+\]|[^\s:/\\?#@%[\]]+)(?::(?<port>[1-9]\d{0,4}))?$/i;
/** Host names have no underscores (RFC 1123 §2.1), but DNS names do, and some vendors use them. */
const DOMAIN = /^(?=.{1,253}$)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/;
/** Of hosts the URL parser has written, only IPv4 addresses end so. */
const ENDS_IN_NUMBER = /\.\d+$/;

/** Scheme and host without userinfo, backslash and white space: where URL parsers disagree about the end of the host. */
const PLAIN_AUTHORITY = /^https?:\/\/[^\s/\\?#@]+(?:[/?#]|$)/i;

const canonicalHost = (hostname: string): string | null => {
  if (hostname.startsWith('[')) return hostname;
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return DOMAIN.test(host) ? host : null;
};

/** A wildcard needs a domain of at least two labels: `*.com` is refused. Public suffixes like `co.uk` are not known here. */
const allowsWildcard = (host: string): boolean => host.includes('.') && !ENDS_IN_NUMBER.test(host);

/** Parses a pattern; null for anything else: a URL, a bare `*`, a wildcard elsewhere, over an address or over one label. */
export const parseHostPattern = (text: string): HostPattern | null => {
  const parts = text.length > MAX_PATTERN_LENGTH ? undefined : PATTERN.exec(text)?.groups;
  if (parts === undefined) return null;
  const host = canonicalHost(URL.parse(`http://${parts.host}/`)?.hostname ?? '');
  const port = parts.port === undefined ? null : Number(parts.port);
  const wildcard = parts.star !== undefined;
  if (host === null || (port ?? 0) > 65_535 || (wildcard && !allowsWildcard(host))) return null;
  return { host, port, wildcard };
};

/** The canonical spelling of a pattern, as it is stored and shown; null when the text is not a pattern. */
export const normalizeHostPattern = (text: string): string | null => {
  const pattern = parseHostPattern(text);
  if (pattern === null) return null;
  return `${pattern.wildcard ? '*.' : ''}${pattern.host}${pattern.port === null ? '' : `:${pattern.port}`}`;
};

const parseHttpUrl = (text: string): URL | null => (PLAIN_AUTHORITY.test(text) ? URL.parse(text) : null);

/** `URL` drops the scheme's default port. */
const matchesPort = (port: number | null, url: URL): boolean =>
  port === null ? url.port === '' : port === Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** Whether headers stored for `pattern` may be sent to `url`, an http or https URL without userinfo. */
export const matchesHost = (pattern: string, url: string): boolean => {
  const wanted = parseHostPattern(pattern);
  const target = parseHttpUrl(url);
  if (wanted === null || target === null || !matchesPort(wanted.port, target)) return false;
  const host = canonicalHost(target.hostname);
  return host !== null && (host === wanted.host || (wanted.wildcard && host.endsWith(`.${wanted.host}`)));
};

/** What each pattern shares with every host that it matches, since a wildcard has at least two labels: the last two. */
const findDomain = (host: string): string => host.split('.').slice(-2).join('.');

/** The domain of a pattern: patterns of other domains than a URL's never match it. null when the text is not a pattern. */
export const findPatternDomain = (text: string): string | null => {
  const pattern = parseHostPattern(text);
  return pattern && findDomain(pattern.host);
};

/** The domain whose patterns can match a URL; null for a URL that none matches. */
export const findUrlDomain = (url: string): string | null => {
  const host = canonicalHost(parseHttpUrl(url)?.hostname ?? '');
  return host && findDomain(host);
};
