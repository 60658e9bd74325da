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
  /** The metadata, or how the server itself answered a request without a token, if it has none. */
  found: { kind: 'resource'; resource: ProtectedResource } | { kind: 'none'; status: number };
}

const placeIn = (challenge: ReadChallenge | null): string | null => challenge?.resourceMetadata ?? null;

/** The metadata where the caller's challenge says, else at the well-known places; null: it is at neither. */
const findByChallenge = (access: DiscoveryAccess, url: string, given: ReadChallenge | null) =>
  findResource(access, { url, metadataUrl: placeIn(given), isCallersChallenge: true });

/** Asks the server. The well-known places are not asked again where they were empty. */
const findByAsking = async (access: DiscoveryAccess, url: string, areEmpty: boolean) => {
  const { status, challenge } = await askChallenge(access, url);
  const metadataUrl = placeIn(challenge);
  const isNowhere = areEmpty && metadataUrl === null;
  const resource = isNowhere ? null : await findResource(access, { url, metadataUrl, isCallersChallenge: false });
  return { status, challenge, resource };
};

/**
 * Finds the metadata. A URL that no resource could cover is refused before anything is sent. Throws `url_not_allowed`,
 * `server_not_connectable` (`challenge`, `resource_metadata`).
 */
export const findMetadata = async (
  access: DiscoveryAccess,
  { url, challenge }: ServerToDiscover,
): Promise<FoundMetadata> => {
  if (checkOutboundUrl(url, access.policy) === null || !hasPlainPath(url)) throw urlNotAllowed();
  const given = challenge === null ? null : readChallenge(challenge);
  const shown = challenge === null ? null : await findByChallenge(access, url, given);
  if (shown) return { challengeScopes: given?.scopes ?? null, found: { kind: 'resource', resource: shown } };
  const asked = await findByAsking(access, url, challenge !== null);
  const challengeScopes = given?.scopes ?? asked.challenge?.scopes ?? null;
  const { status, resource } = asked;
  return { challengeScopes, found: resource ? { kind: 'resource', resource } : { kind: 'none', status } };
};
