// Checks where a browser may be sent: return URLs by origin, callback URLs as whole strings, against the operator's lists. A
// URL must already be spelled as a URL parser would write it, so that every parser finds the same host in it.
import { isLoopbackHost } from '../values/outbound-url.ts';

const MAX_LENGTH = 2048;
/** Printable ASCII; no fragment, no backslash. */
const PLAIN_TEXT = /^[!"$-[\]-~]+$/;
/** In a path: encoded slashes and backslashes, empty segments. Anywhere: encoded control characters. */
const AMBIGUOUS_PATH = /\/\/|%2f|%5c/i;
const ENCODED_CONTROL = /%(?:[01][\da-f]|7f)/i;

/** Spelled as the parser writes it; the slash after a bare origin may be missing. */
const isCanonical = (text: string, { href, origin }: URL): boolean =>
  text === href || (text.startsWith(origin) && text.replace(origin, `${origin}/`) === href);

const isAmbiguous = ({ username, password, hostname, pathname, href }: URL): boolean =>
  username !== '' ||
  password !== '' ||
  hostname.endsWith('.') ||
  AMBIGUOUS_PATH.test(pathname) ||
  ENCODED_CONTROL.test(href);

const isWeb = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));

const parseWebUrl = (text: string): URL | null => {
  if (text.length > MAX_LENGTH || !PLAIN_TEXT.test(text)) return null;
  const url = URL.parse(text);
  return url && isWeb(url) && isCanonical(text, url) && !isAmbiguous(url) ? url : null;
};

/** Whether a browser may be sent back to the URL: https, or http on loopback, at exactly one of the origins. */
export const isAllowedReturnUrl = (url: string, allowedOrigins: readonly string[]): boolean => {
  const parsed = parseWebUrl(url);
  return parsed !== null && allowedOrigins.includes(parsed.origin);
};

/** Whether the URL is one of the allowed redirect URIs, compared as a whole string (RFC 9700 §4.1.3). */
export const isAllowedCallbackUrl = (url: string, allowedUrls: readonly string[]): boolean =>
  allowedUrls.includes(url) && parseWebUrl(url) !== null;
