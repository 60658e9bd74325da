// Checks where a browser may be sent: return URLs by origin and path, callback URLs as whole strings, against the operator's lists. A
// URL must already be spelled as a URL parser would write it, so that every parser finds the same host in it.
import { CONNECT_PATH } from '../../platform.ts';
import { isLoopbackHost } from '../values/outbound-url.ts';

/** The service's own address and the addresses that browsers may be redirected to. */
export interface RedirectPolicy {
  /** Without a trailing slash. */
  publicBaseUrl: string;
  allowedReturnUrls: readonly string[];
  /** Local mode: any path of a loopback `publicBaseUrl` is a return URL. */
  allowsOwnPaths: boolean;
  allowedCallbackUrls: readonly string[];
}

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

/** What the callback adds to the query. A URL that already has one of them could pass for a callback's answer. */
const ANSWER_PARAMETERS = ['state', 'receipt', 'error'];

/** Some parsers of forms also end a parameter at a semicolon. */
const namesAnswer = ({ search }: URL): boolean => {
  const query = new URLSearchParams(search.replaceAll(';', '&'));
  return ANSWER_PARAMETERS.some((name) => query.has(name));
};

const originAndPath = ({ origin, pathname }: URL): string => origin + pathname;

/** Entries of an unsafe spelling, or with a query, allow nothing. */
const isEntry = (url: URL | null): url is URL => url !== null && !url.href.includes('?');

/** In local mode every path of the server's own address is allowed, so that its pages can be tried. */
const isOwnPage = ({ origin }: URL, { publicBaseUrl, allowsOwnPaths }: RedirectPolicy): boolean => {
  const own = URL.parse(publicBaseUrl);
  return allowsOwnPaths && own !== null && isLoopbackHost(own.hostname) && own.origin === origin;
};

/**
 * Whether a browser may be sent back to the URL: https, or http on loopback, with exactly the origin and path of an entry or of
 * the service's connect page. The query may be anything without the callback's own parameters.
 */
export const isAllowedReturnUrl = (url: string, policy: RedirectPolicy): boolean => {
  const parsed = parseWebUrl(url);
  if (parsed === null || namesAnswer(parsed)) return false;
  const entries = [...policy.allowedReturnUrls, policy.publicBaseUrl + CONNECT_PATH].map(parseWebUrl).filter(isEntry);
  return isOwnPage(parsed, policy) || entries.some((entry) => originAndPath(entry) === originAndPath(parsed));
};

/** Whether the URL is the service's own connect page, with any query. */
export const isConnectPage = (url: string, { publicBaseUrl }: RedirectPolicy): boolean => {
  const [parsed, page] = [url, publicBaseUrl + CONNECT_PATH].map(parseWebUrl);
  return Boolean(parsed && page && originAndPath(parsed) === originAndPath(page));
};

/** Whether the URL is one of the allowed redirect URIs, compared as a whole string (RFC 9700 §4.1.3). */
export const isAllowedCallbackUrl = (url: string, allowedUrls: readonly string[]): boolean =>
  allowedUrls.includes(url) && parseWebUrl(url) !== null;
