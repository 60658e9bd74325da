// Converts between stored items and domain objects. An item that cannot be parsed becomes an unreadable row: it never hides
// the other rows, and it can be listed, deleted and, unless a newer release wrote it, replaced.
import * as z from 'zod';
import { CredentialType, SCHEMA_VERSION, StoredCredential, StoredManagedKey } from './credential.ts';

/** The attributes of a stored item, with or without its keys. */
export type Item = Readonly<Record<string, unknown>>;

/** The values a row had when it was read, of any type. A write conditioned on them fails once another writer has changed the row. */
export interface RowVersion {
  version: unknown;
  secretRev: unknown;
}

/** A row that parses as a credential. */
export interface ReadableRow {
  readable: true;
  credential: StoredCredential;
  rowVersion: RowVersion;
}

/** The fields that could be read of a row that does not parse. */
interface UnreadableFields {
  readable: false;
  id: string;
  provider: string | null;
  type: CredentialType | null;
  /** Epoch milliseconds; null if it cannot be read. */
  createdAt: number | null;
  /** 0 if it cannot be read. */
  ordinal: number;
}

/** A row that does not parse. */
export interface UnreadableRow extends UnreadableFields {
  /** Written by a newer release: must never be overwritten. */
  newerSchema: boolean;
  rowVersion: RowVersion;
}

/** What is stored under a credential's key. */
export type CredentialRow = ReadableRow | UnreadableRow;

/** The part of a credential that an index has: what its view and the choice of a credential need. Nothing sealed. */
export const CredentialSummary = StoredCredential.omit({
  refreshTokenExpiresAt: true,
  secretStoredAt: true,
  secretRev: true,
  tokenRev: true,
  accessRev: true,
  sealed: true,
  wrappedKey: true,
  usedDay: true,
  dueShard: true,
  dueAt: true,
});
export type CredentialSummary = z.infer<typeof CredentialSummary>;

/** A row as an index has it; a whole row is one too. A row can be readable here whose other attributes are not. */
export type SummaryRow = { readable: true; credential: CredentialSummary } | UnreadableFields;

/** What is stored under a managed key's key. */
export type ManagedRow = { readable: true; managed: StoredManagedKey } | { readable: false };

const isNewer = (item: Item) => typeof item.schemaVersion === 'number' && item.schemaVersion > SCHEMA_VERSION;

/** Removes null attributes: in the table, null is stored as an absent attribute. */
export const withoutNulls = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));

/** Converts a credential to its item. The user and the id are in the keys only; with nulls left out, most rows are below 1 KB. */
export const credentialItem = ({ userId, id, ...rest }: StoredCredential): Item =>
  withoutNulls({ ...rest, schemaVersion: SCHEMA_VERSION });

/** What an attribute that is absent stands for: null where the field may be, else undefined, which does not parse. */
const ABSENT = new Map(
  Object.entries(StoredCredential.shape).map(([name, schema]) => [
    name,
    schema instanceof z.ZodNullable ? null : undefined,
  ]),
);

const ReadableFields = z.object({
  provider: z.string().max(64).nullable().catch(null),
  type: CredentialType.nullable().catch(null),
  createdAt: StoredCredential.shape.createdAt.nullable().catch(null),
  ordinal: StoredCredential.shape.ordinal.catch(0),
});

interface Owner {
  userId: string;
  id: string;
}

/** A parser of items. It gives undefined for an item that does not parse, or is of another release. */
const itemParser = <S extends z.ZodObject>(schema: S) => {
  const names = Object.keys(schema.shape);
  return (item: Item, { userId, id }: Owner): z.infer<S> | undefined => {
    if (item.schemaVersion !== SCHEMA_VERSION) return undefined;
    // One by one: a list parses hundreds of items, and spreading the item over its nulls takes twice as long as all the rest.
    const fields: Record<string, unknown> = {};
    for (const name of names) fields[name] = item[name] ?? ABSENT.get(name);
    fields.userId = userId;
    fields.id = id;
    return schema.safeParse(fields).data;
  };
};

const parseStored = itemParser(StoredCredential);
const parseSummary = itemParser(CredentialSummary);

const parseUnreadable = (item: Item, { id }: Owner): UnreadableFields => ({
  readable: false,
  id,
  ...ReadableFields.parse(item),
});

/** Parses the item under a credential's key. User and id come from the key (`owner`), never from the item. Does not throw. */
export const parseCredentialItem = (item: Item, owner: Owner): CredentialRow => {
  const rowVersion = { version: item.version, secretRev: item.secretRev };
  const credential = parseStored(item, owner);
  if (credential) return { readable: true, credential, rowVersion };
  return { ...parseUnreadable(item, owner), newerSchema: isNewer(item), rowVersion };
};

/** Parses what an index has of a credential's item, as `parseCredentialItem` parses the whole. Does not throw. */
export const parseSummaryItem = (item: Item, owner: Owner): SummaryRow => {
  const credential = parseSummary(item, owner);
  return credential ? { readable: true, credential } : parseUnreadable(item, owner);
};

/** Converts a managed key to its item. The user and the provider are in the keys only. */
export const managedItem = ({ userId, provider, ...rest }: StoredManagedKey): Item => ({
  ...rest,
  schemaVersion: SCHEMA_VERSION,
});

/** Parses the item under a managed key's key. User and provider come from the key (`owner`). Does not throw. */
export const parseManagedItem = (item: Item, owner: { userId: string; provider: string }): ManagedRow => {
  const parsed = StoredManagedKey.safeParse({ ...item, ...owner });
  return item.schemaVersion === SCHEMA_VERSION && parsed.success
    ? { readable: true, managed: parsed.data }
    : { readable: false };
};

/** The credential id of a row. */
export const rowId = (row: SummaryRow): string => (row.readable ? row.credential.id : row.id);
/** The provider of a row; null if it cannot be read. */
export const rowProvider = (row: SummaryRow): string | null => (row.readable ? row.credential.provider : row.provider);
/** The MCP server of a row; null if it has none, or cannot be read. */
export const rowResource = (row: SummaryRow): string | null => (row.readable ? row.credential.resource : null);
/** The credential type of a row; null if it cannot be read. */
export const rowType = (row: SummaryRow): CredentialType | null => (row.readable ? row.credential.type : row.type);

/** The position of a row in the user's list; createdAt is null if it cannot be read, and the ordinal has no meaning then. */
export const rowPosition = (row: SummaryRow): { createdAt: number | null; ordinal: number } => {
  const { createdAt, ordinal } = row.readable ? row.credential : row;
  return createdAt === null ? { createdAt, ordinal: 0 } : { createdAt, ordinal };
};

interface Place {
  createdAt: number | null;
  ordinal: number;
  id: string;
}

/** Compares by createdAt, then ordinal, then id. An unknown createdAt comes last. */
export const comparePositions = (a: Place, b: Place): number => {
  const last = Number.POSITIVE_INFINITY;
  return compare(a.createdAt ?? last, b.createdAt ?? last) || compare(a.ordinal, b.ordinal) || compare(a.id, b.id);
};

/** Compares rows by their positions. */
export const byCreation = (a: SummaryRow, b: SummaryRow): number =>
  comparePositions({ ...rowPosition(a), id: rowId(a) }, { ...rowPosition(b), id: rowId(b) });

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
