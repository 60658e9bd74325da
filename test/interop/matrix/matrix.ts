// Plays the matrix: a server at a time, on a fresh local server of Keyhold, a user per cell.
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { CELLS, type Cell, CellFailed, type Outcome, type Row } from './cells.ts';
import { findFalseClaims } from './claims.ts';
import { type McpStandIn, startMcpServer } from './mcp-stand-in.ts';
import { type Peer, startPeer } from './peer-process.ts';
import { playDocument, playRegistration, playResource } from './play-mcp.ts';
import { playCode, playDevice, playIss, playRevocation, playRotation } from './play-provider.ts';
import { type Stage, writeEntries } from './stage.ts';

/** The servers, in the order of the document. */
export const PEER_NAMES = [
  'oidc-provider',
  'better-auth',
  'mcp-sdk-demo',
  'node-oauth2-server',
  'oauth2-mock-server',
  'glewlwyd',
] as const;

/** The row of a server that could not be started here. */
export const unplayedRow = (name: string, reason: string): Row => ({
  name,
  version: null,
  cells: Object.fromEntries(CELLS.map((cell) => [cell, { kind: 'unplayed', reason }])) as Row['cells'],
});

/** Where a Keyhold with a public https address is: its metadata document can be used there. */
const PUBLIC_URL = 'https://keyhold.example';

const PLAYS: Record<Cell, (stage: Stage) => Promise<Outcome>> = {
  code: playCode,
  rotation: playRotation,
  device: playDevice,
  registration: playRegistration,
  document: playDocument,
  resource: playResource,
  iss: playIss,
  revocation: playRevocation,
};

/** The two local servers: one with a loopback address, one whose public address is https. */
interface Keyholds {
  local: Keyhold;
  public: Keyhold;
}

const startKeyholds = async (): Promise<Keyholds> => {
  const env = { SECRETS_MAX_AGE_SECONDS: '0' };
  const local = await startKeyhold({ env });
  return { local, public: await startKeyhold({ env: { ...env, PUBLIC_BASE_URL: PUBLIC_URL } }) };
};

/** What a server is played with. */
interface Played {
  keyholds: Keyholds;
  peer: Peer;
  mcpServer: McpStandIn;
}

const stageFor = (cell: Cell, { keyholds, peer, mcpServer }: Played): Stage =>
  cell === 'document'
    ? { peer, mcpServer, keyhold: keyholds.public, publicUrl: PUBLIC_URL }
    : { peer, mcpServer, keyhold: keyholds.local, publicUrl: keyholds.local.url };

/** The operator's entry wins over a registration, so it is not there where a registration is played, or could be. */
const entriesFor = (cell: Cell, { name, entry, needsEntry = [] }: Peer): Record<string, object> => {
  const registers = cell === 'registration' || (cell === 'resource' && !needsEntry.includes(cell));
  return registers ? {} : { [name]: entry };
};

const addNote = (outcome: Outcome, note: string | undefined): Outcome =>
  outcome.kind === 'passes' && note !== undefined ? { ...outcome, note } : outcome;

const playCell = async (cell: Cell, played: Played): Promise<Outcome> => {
  const { lacks, notes } = played.peer;
  if (lacks[cell] !== undefined) return { kind: 'lacks', reason: lacks[cell] };
  try {
    await writeEntries(played.keyholds.local, entriesFor(cell, played.peer));
    return addNote(await PLAYS[cell](stageFor(cell, played)), notes?.[cell]);
  } catch (error) {
    return { kind: 'fails', reason: error instanceof CellFailed ? error.message : String(error) };
  }
};

const playCells = async (played: Played): Promise<Row['cells']> => {
  const cells = {} as Record<Cell, Outcome>;
  for (const cell of CELLS) cells[cell] = await playCell(cell, played);
  for (const cell of await findFalseClaims(played.peer)) {
    cells[cell] = { kind: 'fails', reason: 'its metadata names what it is said to lack' };
  }
  return cells;
};

const playPeer = async (keyholds: Keyholds, name: string): Promise<Row> => {
  const callback = '/v1/oauth/callback';
  const mcpServer = await startMcpServer();
  const peer = await startPeer(name, {
    REDIRECT_URIS: `${keyholds.local.url}${callback},${PUBLIC_URL}${callback}`,
    DOCUMENT_ORIGINS: `${PUBLIC_URL},${keyholds.public.url}`,
    RESOURCE: mcpServer.url,
  });
  try {
    return { name, version: peer.version, cells: await playCells({ keyholds, peer, mcpServer }) };
  } finally {
    await peer.stop();
    mcpServer.stop();
  }
};

/** Plays the named servers, one after another; `onRow` is called as each ends. */
export const playMatrix = async (names: readonly string[], onRow: (row: Row) => void): Promise<Row[]> => {
  const keyholds = await startKeyholds();
  const rows: Row[] = [];
  try {
    for (const name of names) {
      const row = await playPeer(keyholds, name);
      rows.push(row);
      onRow(row);
    }
  } finally {
    await keyholds.local.stop();
    await keyholds.public.stop();
  }
  return rows;
};
