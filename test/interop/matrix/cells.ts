// The cells of the interoperability matrix: what is played at each server, and how a cell ends. A cell says what happened; only
// `fails` is a fault of Keyhold or of the harness.

/** The columns, in order. */
export const CELLS = [
  'code',
  'rotation',
  'device',
  'registration',
  'document',
  'resource',
  'iss',
  'revocation',
] as const;

/** A column. */
export type Cell = (typeof CELLS)[number];

/** What each column plays, for the document. */
export const MEANINGS: Record<Cell, string> = {
  code: 'authorization code with PKCE (S256): start, approve, complete, resolve',
  rotation:
    'five forced refreshes, eight callers each: all get the one new token; then a refresh token that was already exchanged is replayed at the server, which ends the grant, and Keyhold says `reconnect_required`',
  device: 'device flow (RFC 8628): start, approve at the page, poll',
  registration:
    'an MCP server is connected by its URL alone: discovery, dynamic client registration (RFC 7591), code, resolve by URL; a second user makes no second registration',
  document: 'the same with the client metadata document as `client_id`, which the server fetches',
  resource:
    '`resource` (RFC 8707), found from the metadata of an MCP server, is in the authorization request and in every token request that the server saw, of a code and of a refresh',
  iss: 'the callback names the issuer (RFC 9207) and Keyhold requires it',
  revocation: 'deleting the credential revokes (RFC 7009): the refresh token is refused afterwards',
};

/** How a cell ended. */
export type Outcome =
  | { kind: 'passes'; note?: string }
  | { kind: 'fails'; reason: string }
  | { kind: 'lacks'; reason: string }
  | { kind: 'unplayed'; reason: string };

/** One server's row. `version` is null where the server did not start. */
export interface Row {
  name: string;
  version: string | null;
  cells: Record<Cell, Outcome>;
}

/** A cell's text. */
export const describeOutcome = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'passes':
      return outcome.note === undefined ? 'passes' : `passes (${outcome.note})`;
    case 'fails':
      return `fails: ${outcome.reason}`;
    case 'lacks':
      return `server lacks it: ${outcome.reason}`;
    case 'unplayed':
      return `not played: ${outcome.reason}`;
  }
};

/** Ends a cell as failed. */
export class CellFailed extends Error {}

/** Throws `CellFailed` unless the claim holds. */
export function assertCell(claim: unknown, reason: string): asserts claim {
  if (!claim) throw new CellFailed(reason);
}
