// Where a browser may be sent: return URLs by origin, callback URLs as whole strings, against the operator's lists. A URL is
// taken only in the one spelling that a URL parser would give it, so that every reader sees the same host.
import { isLoopbackHost } from '../values/outbound-url.ts';

const MAX_LENGTH = 2048;
/** Printable ASCII; no fragment, no backslash. */
const PLAIN_TEXT = /^[!"$-[\]-~]+$/;
/** In a path: encoded slashes and backslashes, empty segments. Anywhere: encoded control characters. */
const ODD_PATH = /\/\/|%2f|%5c/i;
const ENCODED_CONTROL = /%(?:[01][\da-f]|7f)/i;

/** The parser's own spelling, or that of an origin with the slash left out. */
const isCanonical = (text: string, { href, origin }: URL): boolean =>
  text === href || (text.startsWith(origin) && text.replace(origin, `${origin}/`) === href);

const isOdd = ({ username, password, hostname, pathname, href }: URL): boolean =>
  username !== '' || password !== '' || hostname.endsWith('.') || ODD_PATH.test(pathname) || ENCODED_CONTROL.test(href);

const isWeb = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));

const parseWebUrl = (text: string): URL | null => {
  if (text.length > MAX_LENGTH || !PLAIN_TEXT.test(text)) return null;
  const url = URL.parse(text);
  return url && isWeb(url) && isCanonical(text, url) && !isOdd(url) ? url : null;
};

/** Says whether a browser may be sent back to the URL: https, or http on loopback, at one of the origins exactly. */
export const isAllowedReturnUrl = (url: string, allowedOrigins: readonly string[]): boolean => {
  const parsed = parseWebUrl(url);
  return parsed !== null && allowedOrigins.includes(parsed.origin);
};

/** Says whether the URL is one of the allowed redirect URIs, by whole string (RFC 9700 §4.1.3). */
export const isAllowedCallbackUrl = (url: string, allowedUrls: readonly string[]): boolean =>
  allowedUrls.includes(url) && parseWebUrl(url) !== null;
