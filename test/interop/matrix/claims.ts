// Checks what a server is said to lack against the metadata that it publishes, so that no cell is excused that could be played.
import type { Cell } from './cells.ts';
import type { Peer } from './peer-process.ts';

type Metadata = Record<string, unknown>;

/** The metadata field that says that the server has what the cell plays. */
const FIELDS: Partial<Record<Cell, string>> = {
  device: 'device_authorization_endpoint',
  registration: 'registration_endpoint',
  document: 'client_id_metadata_document_supported',
  iss: 'authorization_response_iss_parameter_supported',
  revocation: 'revocation_endpoint',
};

/** The places of an issuer's metadata (RFC 8414 §3, OpenID Connect Discovery §4). */
const metadataPlaces = (issuer: string): string[] => {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
};

const readMetadata = async (issuer: string): Promise<Metadata> => {
  for (const place of metadataPlaces(issuer)) {
    const response = await fetch(place);
    if (response.ok) return (await response.json()) as Metadata;
  }
  return {};
};

/** The cells that the server is said to lack although its metadata names them. */
export const findFalseClaims = async ({ issuer, lacks }: Pick<Peer, 'issuer' | 'lacks'>): Promise<Cell[]> => {
  const metadata = issuer === null ? {} : await readMetadata(issuer);
  return (Object.keys(lacks) as Cell[]).filter((cell) => {
    const field = FIELDS[cell];
    return field !== undefined && Boolean(metadata[field]);
  });
};
