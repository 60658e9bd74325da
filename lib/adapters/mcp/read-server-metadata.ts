// Reads an authorization server's metadata from its well-known places (RFC 8414, OpenID Connect Discovery). Each document is checked by
// itself, so that one of another issuer at an earlier place does not hide the right one.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { checkServerMetadata, type ExpectedServer } from '../../domain/mcp/discovery/server-metadata.ts';
import { listServerMetadataUrls } from '../../domain/mcp/discovery/well-known.ts';
import { notConnectable } from '../../domain/mcp/not-connectable.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type DiscoveryAccess, fetchDocument } from './fetch-document.ts';

const STEP = 'authorization_server_metadata';

/** The issuers that the document may name: more than one only for spellings with the same places. */
type Issuers = readonly [string, ...string[]];

/** How the places are asked, and what the document may leave out. */
type MetadataAccess = DiscoveryAccess & Pick<ExpectedServer, 'mayOmitPkce'>;

type Checked = { kind: 'server'; server: AuthorizationServer } | { kind: 'fault'; error: ServiceError };

const check = (document: object, issuers: Issuers, { policy, mayOmitPkce }: MetadataAccess): Checked => {
  try {
    return { kind: 'server', server: checkServerMetadata(document, { issuers, policy, mayOmitPkce }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: 'fault', error };
  }
};

/** Asks one place; null: nothing is there. Throws if the host fails. */
const readPlace = async (access: MetadataAccess, issuers: Issuers, url: string): Promise<Checked | null> => {
  const place = await fetchDocument(access, url);
  if (place.kind === 'absent') return null;
  if (place.kind === 'document') return check(place.document, issuers, access);
  const error = notConnectable(STEP, place.reason);
  if (place.isHost) throw error;
  return { kind: 'fault', error };
};

/** The first document that passes. Throws `server_not_connectable`: the first fault, `no_metadata` if all places are empty. */
export const readServerMetadata = async (access: MetadataAccess, issuers: Issuers): Promise<AuthorizationServer> => {
  let fault: ServiceError | null = null;
  for (const url of listServerMetadataUrls(issuers[0])) {
    const found = await readPlace(access, issuers, url);
    if (found?.kind === 'server') return found.server;
    fault ??= found?.error ?? null;
  }
  throw fault ?? notConnectable(STEP, 'no_metadata');
};
