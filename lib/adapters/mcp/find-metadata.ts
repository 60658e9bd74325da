// The first two hops of discovery: the challenge of an MCP server, and the metadata of its resource. A caller's challenge can name the
// place of the metadata. Only the server's own answer can say that it has none.
import { type ReadChallenge, readChallenge } from '../../domain/mcp/discovery/challenge.ts';
import type { ProtectedResource } from '../../domain/mcp/discovery/resource-metadata.ts';
import { hasPlainPath } from '../../domain/mcp/resource-url.ts';
import type { ServerToDiscover } from '../../domain/ports/server-discovery.ts';
import { checkOutboundUrl } from '../../domain/values/outbound-url.ts';
import { askChallenge, urlNotAllowed } from './ask-challenge.ts';
import type { DiscoveryAccess } from './fetch-document.ts';
import { findResource } from './find-resource.ts';

/** What a server says of itself. */
export interface FoundMetadata {
  /** The scopes that the caller's challenge asks for, else the server's; null: none. */
  challengeScopes: readonly string[] | null;
  /** null: it has no metadata. */
  resource: ProtectedResource | null;
  /** How the server itself answered a request without a token; null: it was not asked. */
  status: number | null;
}

/**
 * Finds the metadata. A URL that no resource could cover is refused before anything is sent. Throws `url_not_allowed`,
 * `server_not_connectable` (`challenge`, `resource_metadata`).
 */
export const findMetadata = async (
  access: DiscoveryAccess,
  { url, challenge }: ServerToDiscover,
): Promise<FoundMetadata> => {
  if (checkOutboundUrl(url, access.policy) === null || !hasPlainPath(url)) throw urlNotAllowed();
  const isGiven = challenge !== null;
  const given = isGiven ? readChallenge(challenge) : null;
  const find = (named: ReadChallenge | null, isCallersChallenge: boolean) =>
    findResource(access, { url, metadataUrl: named?.resourceMetadata ?? null, isCallersChallenge });
  const shown = isGiven ? await find(given, true) : null;
  if (shown) return { challengeScopes: given?.scopes ?? null, resource: shown, status: null };
  const { status, challenge: own } = await askChallenge(access, url);
  // The well-known places are not asked again where they were empty.
  const isNowhere = isGiven && own?.resourceMetadata == null;
  return {
    challengeScopes: given?.scopes ?? own?.scopes ?? null,
    resource: isNowhere ? null : await find(own, false),
    status,
  };
};
