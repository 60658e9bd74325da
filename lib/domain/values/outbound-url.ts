// The URLs that the service itself fetches: of public names over TLS, or, on a laptop, also of the machine itself. A host has
// one spelling here; whatever a URL parser would have to mend first is refused.

/** `public`: https to a public name. `local`: besides, http to loopback. */
export type OutboundPolicy = 'public' | 'local';

const MAX_LENGTH = 2048;
/** Printable ASCII without the backslash, which URL parsers take for a slash, and the braces of a template left unfilled. */
const PLAIN_TEXT = /^[!-[\]-z|~]+$/;
/** No userinfo, and of a host only letters, digits, hyphens, dots, or an IPv6 literal. */
const AUTHORITY = /^https?:\/\/(?<host>[a-z\d.-]+|\[[a-f\d:.]+\])(?::\d{1,5})?(?:[/?]|$)/i;
/** Two labels or more, the last with a letter in front: no IP address has that, in any spelling, and no trailing dot. */
const PUBLIC_NAME = /^(?=.{4,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/;
/** Names that resolve to the machine or its network, if at all (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const PRIVATE_NAME =
  /\.(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|invalid|onion|alt)$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const isPublicName = (host: string): boolean => PUBLIC_NAME.test(host) && !PRIVATE_NAME.test(host);

/** The URL's hostname names this machine: `localhost` or a loopback address, as a URL parser writes it. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

const isAllowed = ({ protocol, hostname }: URL, policy: OutboundPolicy): boolean =>
  protocol === 'https:' ? isPublicName(hostname) : policy === 'local' && isLoopbackHost(hostname);

/** The URL when the service may fetch it, else null. Where the name leads is not known before it is resolved. */
export const checkOutboundUrl = (text: string, policy: OutboundPolicy): URL | null => {
  if (text.length > MAX_LENGTH || !PLAIN_TEXT.test(text) || text.includes('#')) return null;
  const host = AUTHORITY.exec(text)?.groups?.host?.toLowerCase();
  const url = URL.parse(text);
  // An address spelled in another way (`0x7f.1`, `2130706433`) comes out of the parser changed.
  if (host === undefined || url?.hostname !== host) return null;
  return isAllowed(url, policy) ? url : null;
};
