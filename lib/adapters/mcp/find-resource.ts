// Finds the metadata of a protected resource: where the challenge says, else at the well-known places in their order.

import { checkResourceMetadata, type ProtectedResource } from '../../domain/mcp/discovery/resource-metadata.ts';
import { listResourceMetadataUrls } from '../../domain/mcp/discovery/well-known.ts';
import { notConnectable } from '../../domain/mcp/not-connectable.ts';
import { checkOutboundUrl } from '../../domain/values/outbound-url.ts';
import { urlNotAllowed } from './ask-challenge.ts';
import { type DiscoveryAccess, fetchDocument, type Place } from './fetch-document.ts';

/** Which resource, and where its metadata is said to be. */
export interface SoughtResource {
  /** Of the server. */
  url: string;
  /** Of the metadata, from a challenge; null: none. */
  metadataUrl: string | null;
  /** Whether the caller gave the challenge. */
  isCallersChallenge: boolean;
}

type Failed = Extract<Place, { kind: 'failed' }>;

/** A place that the caller chose and that may not be called is the caller's error. */
const toError = ({ reason }: Failed, isCallersPlace: boolean) =>
  reason === 'url_not_allowed' && isCallersPlace ? urlNotAllowed() : notConnectable('resource_metadata', reason);

const readNamedPlace = async (access: DiscoveryAccess, url: string, sought: SoughtResource) => {
  if (checkOutboundUrl(url, access.policy) === null)
    throw sought.isCallersChallenge ? urlNotAllowed() : notConnectable('challenge', 'url_not_allowed');
  const place = await fetchDocument(access, url);
  if (place.kind === 'failed') throw toError(place, sought.isCallersChallenge);
  if (place.kind === 'absent') throw notConnectable('resource_metadata', 'no_metadata');
  return checkResourceMetadata(place.document, sought.url);
};

/**
 * A place that fails is not the same as one that is empty: with the next, or without metadata, another authorization server could be
 * found than with this one. Only a redirect says for certain that the document is not here.
 */
const readWellKnownPlaces = async (access: DiscoveryAccess, url: string): Promise<ProtectedResource | null> => {
  let redirected: Failed | null = null;
  for (const placeUrl of listResourceMetadataUrls(url)) {
    const place = await fetchDocument(access, placeUrl);
    if (place.kind === 'document') return checkResourceMetadata(place.document, url);
    if (place.kind === 'failed' && place.reason !== 'redirected') throw toError(place, true);
    if (place.kind === 'failed') redirected = place;
  }
  if (redirected) throw toError(redirected, true);
  return null;
};

/**
 * The checked metadata of the resource; null: it has none. Throws `url_not_allowed`, `server_not_connectable` (`challenge`,
 * `resource_metadata`).
 */
export const findResource = (access: DiscoveryAccess, sought: SoughtResource): Promise<ProtectedResource | null> =>
  sought.metadataUrl === null
    ? readWellKnownPlaces(access, sought.url)
    : readNamedPlace(access, sought.metadataUrl, sought);
