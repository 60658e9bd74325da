// Where a call goes. A path alone is appended to the base URL of the provider and cannot leave its origin.
import type { ResolvedCredential } from '../generated/api-types.ts';
import { isWithinResource } from './resource.ts';

/** Throws `TypeError` for a URL with a user name or password: fetch refuses it, and its error quotes the query, a key included. */
export const refuseUserName = ({ username, password }: URL): void => {
  if (username || password) throw new TypeError('a URL to call has no user name or password');
};

const readWholeUrl = (url: string): URL | null => {
  const whole = URL.parse(url);
  if (whole) refuseUserName(whole);
  return whole;
};

/** A path appended to the base URL. */
const findByPath = (path: string, { baseUrl, credential }: ResolvedCredential): URL => {
  if (baseUrl === null) throw new TypeError(`the provider ${credential.provider} has no base URL: give a whole URL`);
  if (!path.startsWith('/')) throw new TypeError('url must be a whole URL or a path that begins with a slash');
  const base = new URL(baseUrl);
  const target = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
  if (target.origin !== base.origin) throw new TypeError('the path leads to another origin');
  return target;
};

/**
 * The URL to call. Throws `TypeError` for a user name in it, for a path where the provider's record has no base URL, and for one that leads to
 * another origin or out of an MCP server's resource.
 */
export const findTarget = (url: string, resolved: ResolvedCredential): URL => {
  const target = readWholeUrl(url) ?? findByPath(url, resolved);
  if (!isWithinResource(resolved.credential.resource, target))
    throw new TypeError('the URL is not one of the MCP server');
  return target;
};
