// Checks URLs that the service itself fetches: https to public names, and locally also http to loopback. A URL that a parser would
// normalize is refused, so that every component reads the same host.

/** `public`: https to a public name. `local`: also http to loopback. */
export type OutboundPolicy = 'public' | 'local';

const MAX_LENGTH = 2048;
/** Printable ASCII without the backslash, which URL parsers read as a slash, and without the braces of an unfilled template. */
const PLAIN_TEXT = /^[!-[\]-z|~]+$/;
/** No userinfo; the host is letters, digits, hyphens and dots, or an IPv6 literal. */
const AUTHORITY = /^https?:\/\/(?<host>[a-z\d.-]+|\[[a-f\d:.]+\])(?::\d{1,5})?(?:[/?]|$)/i;
/** At least two labels, no trailing dot. The last label starts with a letter, which no spelling of an IP address does. */
const PUBLIC_NAME = /^(?=.{4,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/;
/** Names for the machine or its network (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const PRIVATE_NAME =
  /\.(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|invalid|onion|alt)$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const isPublicName = (host: string): boolean => PUBLIC_NAME.test(host) && !PRIVATE_NAME.test(host);

/** Whether a URL's hostname is `localhost` or a loopback address, as a URL parser spells it. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

const isAllowed = ({ protocol, hostname }: URL, policy: OutboundPolicy): boolean =>
  protocol === 'https:' ? isPublicName(hostname) : policy === 'local' && isLoopbackHost(hostname);

/** The parsed URL if the service may fetch it, else null. Its addresses are checked after name resolution. */
export const checkOutboundUrl = (text: string, policy: OutboundPolicy): URL | null => {
  if (text.length > MAX_LENGTH || !PLAIN_TEXT.test(text) || text.includes('#')) return null;
  const host = AUTHORITY.exec(text)?.groups?.host?.toLowerCase();
  const url = URL.parse(text);
  // The parser changes other spellings of an address (`0x7f.1`, `2130706433`).
  if (host === undefined || url?.hostname !== host) return null;
  return isAllowed(url, policy) ? url : null;
};
