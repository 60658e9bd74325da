// Where a call goes. A path alone is appended to the base URL of the provider and cannot leave its origin.
import type { ResolvedCredential } from '../generated/api-types.ts';

/** Throws `TypeError` for a URL with a user name or password: fetch refuses it, and its error quotes the query, a key included. */
export const refuseUserName = ({ username, password }: URL): void => {
  if (username || password) throw new TypeError('a URL to call has no user name or password');
};

const readWholeUrl = (url: string): URL | null => {
  const whole = URL.parse(url);
  if (whole) refuseUserName(whole);
  return whole;
};

/** The URL to call. Throws `TypeError` for a user name in it, for a path where the provider's record has no base URL, or one that leads elsewhere. */
export const findTarget = (url: string, { baseUrl, credential }: ResolvedCredential): URL => {
  const whole = readWholeUrl(url);
  if (whole) return whole;
  if (baseUrl === null) throw new TypeError(`the provider ${credential.provider} has no base URL: give a whole URL`);
  if (!url.startsWith('/')) throw new TypeError('url must be a whole URL or a path that begins with a slash');
  const base = new URL(baseUrl);
  const target = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${url}`);
  if (target.origin !== base.origin) throw new TypeError('the path leads to another origin');
  return target;
};
