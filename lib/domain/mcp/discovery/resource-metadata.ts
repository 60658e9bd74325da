// Protected-resource metadata (RFC 9728 §2), as an MCP server has it, and its checks: it is about the server that was asked for and
// names authorization servers.
import * as z from 'zod';
import { checkOutboundUrl, type OutboundPolicy } from '../../values/outbound-url.ts';
import { notConnectable } from '../not-connectable.ts';
import { coversUrl, hasPlainPath } from '../resource-url.ts';
import { ScopeList, UrlText } from './metadata-fields.ts';

const MAX_SERVERS = 32;
/** Each is asked at up to three places. */
const MAX_SERVERS_TRIED = 3;

/** The document. Members that connecting does not use are dropped. */
export const ResourceMetadata = z.object({
  resource: UrlText,
  authorization_servers: z.array(UrlText).max(MAX_SERVERS).nullish(),
  scopes_supported: ScopeList,
});

/** A resource that can be connected, if one of its authorization servers can. */
export interface ProtectedResource {
  resource: string;
  /** In the order of the document; at least one. */
  issuers: readonly string[];
  /** null: not listed. */
  scopes: readonly string[] | null;
}

/**
 * Checks the document against the URL of the server. The resource must cover it: MCP servers below one origin share metadata at its
 * root. Throws `server_not_connectable` (`invalid_metadata`, `resource_mismatch`, `no_authorization_server`).
 */
export const checkResourceMetadata = (document: unknown, url: string): ProtectedResource => {
  const { data } = ResourceMetadata.safeParse(document);
  if (!data) throw notConnectable('resource_metadata', 'invalid_metadata');
  if (!coversUrl(data.resource, url)) throw notConnectable('resource_metadata', 'resource_mismatch');
  const issuers = [...new Set(data.authorization_servers)];
  if (issuers.length === 0) throw notConnectable('resource_metadata', 'no_authorization_server');
  return { resource: data.resource, issuers, scopes: data.scopes_supported };
};

/** Whether an issuer may be asked for its metadata: an allowed URL without query or fragment (RFC 8414 §2) and with a plain path. */
export const isUsableIssuer = (issuer: string, policy: OutboundPolicy): boolean =>
  !issuer.includes('?') && hasPlainPath(issuer) && checkOutboundUrl(issuer, policy) !== null;

/**
 * The issuers to try, in the order of the document: the choice is the client's (RFC 9728 §7.6), and the first that can be used is taken.
 * Throws `server_not_connectable` (`no_authorization_server`) if none may be called.
 */
export const chooseIssuers = (issuers: readonly string[], policy: OutboundPolicy): readonly string[] => {
  const usable = issuers.filter((issuer) => isUsableIssuer(issuer, policy)).slice(0, MAX_SERVERS_TRIED);
  if (usable.length === 0) throw notConnectable('resource_metadata', 'no_authorization_server');
  return usable;
};
