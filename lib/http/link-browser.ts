// The browser of a link: its cookie, and the pages it may call from. Everything follows from PUBLIC_BASE_URL, nothing from a header.
import { LINK_SECONDS } from '../domain/link/connect-link.ts';
import { isLoopbackHost } from '../domain/values/outbound-url.ts';

/** Over https the browser itself sees to it that the cookie is this host's alone (`__Host-`); on loopback there is no https. */
const COOKIE = 'keyhold-link';
const SECRET = /^[\w-]{43}$/;

const isPlain = (publicBaseUrl: string): boolean => new URL(publicBaseUrl).protocol === 'http:';

const cookieName = (publicBaseUrl: string): string => (isPlain(publicBaseUrl) ? COOKIE : `__Host-${COOKIE}`);

/**
 * The secret in the cookie of the browser; null without one. A browser has one secret for all of its links, so that several links can
 * be open at once; what is stored of it differs from link to link.
 */
export const readLinkCookie = (publicBaseUrl: string, cookies: readonly string[]): string | null => {
  const start = `${cookieName(publicBaseUrl)}=`;
  const value = cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
  return value !== undefined && SECRET.test(value) ? value : null;
};

/** The Set-Cookie field. `SameSite=Lax`: the browser comes back from a provider, by a link on another site's page. */
export const writeLinkCookie = (publicBaseUrl: string, secret: string): string => {
  const attributes = ['Path=/', `Max-Age=${LINK_SECONDS.max}`, 'HttpOnly', 'SameSite=Lax'];
  if (!isPlain(publicBaseUrl)) attributes.push('Secure');
  return [`${cookieName(publicBaseUrl)}=${secret}`, ...attributes].join('; ');
};

/** Whether no page sent the request, or one of the service itself. Loopback has several names. */
export const isOwnPage = (publicBaseUrl: string, origin: string | undefined): boolean => {
  const [own, page] = [new URL(publicBaseUrl), URL.parse(origin ?? publicBaseUrl)];
  if (page === null || page.protocol !== own.protocol || page.port !== own.port) return false;
  return page.hostname === own.hostname || [own, page].every(({ hostname }) => isLoopbackHost(hostname));
};
