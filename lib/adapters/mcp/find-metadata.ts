// The first two hops of discovery: the challenge of an MCP server, and the metadata of its resource.
import { readChallenge } from '../../domain/mcp/discovery/challenge.ts';
import type { ProtectedResource } from '../../domain/mcp/discovery/resource-metadata.ts';
import { hasPlainPath } from '../../domain/mcp/resource-url.ts';
import type { ServerToDiscover } from '../../domain/ports/server-discovery.ts';
import { checkOutboundUrl } from '../../domain/values/outbound-url.ts';
import { askChallenge, type ServerAnswer, urlNotAllowed } from './ask-challenge.ts';
import type { DiscoveryAccess } from './fetch-document.ts';
import { findResource } from './find-resource.ts';

/** What a server says of itself. */
export interface FoundMetadata {
  answer: ServerAnswer;
  /** null: it has no metadata. */
  resource: ProtectedResource | null;
}

const readAnswer = (access: DiscoveryAccess, { url, challenge }: ServerToDiscover) =>
  challenge === null ? askChallenge(access, url) : { status: 401, challenge: readChallenge(challenge) };

/**
 * Finds the metadata. A URL that no resource could cover is refused before anything is sent. Throws `url_not_allowed`,
 * `server_not_connectable` (`challenge`, `resource_metadata`).
 */
export const findMetadata = async (access: DiscoveryAccess, asked: ServerToDiscover): Promise<FoundMetadata> => {
  const { url, challenge } = asked;
  if (checkOutboundUrl(url, access.policy) === null || !hasPlainPath(url)) throw urlNotAllowed();
  const answer = await readAnswer(access, asked);
  const metadataUrl = answer.challenge?.resourceMetadata ?? null;
  const resource = await findResource(access, { url, metadataUrl, isCallersChallenge: challenge !== null });
  return { answer, resource };
};
