// Where metadata is looked for, in the order of MCP authorization: the path of the resource or issuer is inserted after the well-known
// name (RFC 9728 §3.1, RFC 8414 §3.1), or the name is appended to it (OpenID Connect Discovery §4).

const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

const withoutEndSlash = (path: string): string => path.replace(/\/$/, '');

/**
 * The places of a resource's metadata: with its path and query, with its path less a slash at the end, and at the root, which MCP adds.
 * Takes a URL that the outbound policy allows.
 */
export const listResourceMetadataUrls = (url: string): readonly string[] => {
  const { origin, pathname, search } = new URL(url);
  const path = pathname === '/' ? '' : pathname;
  const places = [`${path}${search}`, withoutEndSlash(path), ''];
  return [...new Set(places.map((place) => `${origin}${RESOURCE}${place}`))];
};

/** The places of an authorization server's metadata. Takes an issuer that the outbound policy allows, without a query. */
export const listServerMetadataUrls = (issuer: string): readonly string[] => {
  const { origin, pathname } = new URL(issuer);
  const path = withoutEndSlash(pathname);
  return [...new Set([`${origin}${SERVER}${path}`, `${origin}${OPENID}${path}`, `${origin}${path}${OPENID}`])];
};
