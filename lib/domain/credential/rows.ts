// Between a stored item and the domain: what is written, and what is made of whatever is found. An item that can't be
// read never hides the others: it becomes an unreadable row, which can be listed, deleted and (if not newer) replaced.
import * as z from 'zod';
import { CredentialType, SCHEMA_VERSION, StoredCredential, StoredManagedKey } from './credential.ts';

/** A stored item less its keys. */
export type Item = Readonly<Record<string, unknown>>;

/** What a row held when it was read, whatever its shape: a write conditioned on it loses to any other writer. */
export interface RowVersion {
  version: unknown;
  secretRev: unknown;
}

export interface ReadableRow {
  readable: true;
  credential: StoredCredential;
  rowVersion: RowVersion;
}

export interface UnreadableRow {
  readable: false;
  id: string;
  provider: string | null;
  type: CredentialType | null;
  /** Written by a newer release: never overwritten. */
  newerSchema: boolean;
  rowVersion: RowVersion;
}

export type CredentialRow = ReadableRow | UnreadableRow;

export type ManagedRow = { readable: true; managed: StoredManagedKey } | { readable: false };

const isNewer = (item: Item) => typeof item.schemaVersion === 'number' && item.schemaVersion > SCHEMA_VERSION;

export const withoutNulls = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));

/** The keys already say whose and which it is; an absent attribute is null. Both keep an ordinary row below 1 KB. */
export const credentialItem = ({ userId, id, ...rest }: StoredCredential): Item =>
  withoutNulls({ ...rest, schemaVersion: SCHEMA_VERSION });

const NULLABLE = Object.fromEntries(
  Object.entries(StoredCredential.shape).flatMap(([name, schema]) =>
    schema.safeParse(null).success ? [[name, null]] : [],
  ),
);

/** Reads an item found under a user's credential key; the key, not the item, says whose and which it is. */
export const parseCredentialItem = (item: Item, owner: { userId: string; id: string }): CredentialRow => {
  const rowVersion = { version: item.version, secretRev: item.secretRev };
  const parsed = StoredCredential.safeParse({ ...NULLABLE, ...item, ...owner });
  if (item.schemaVersion === SCHEMA_VERSION && parsed.success)
    return { readable: true, credential: parsed.data, rowVersion };
  return {
    readable: false,
    id: owner.id,
    provider: z.string().max(64).nullable().catch(null).parse(item.provider),
    type: CredentialType.nullable().catch(null).parse(item.type),
    newerSchema: isNewer(item),
    rowVersion,
  };
};

export const managedItem = ({ userId, provider, ...rest }: StoredManagedKey): Item => ({
  ...rest,
  schemaVersion: SCHEMA_VERSION,
});

export const parseManagedItem = (item: Item, owner: { userId: string; provider: string }): ManagedRow => {
  const parsed = StoredManagedKey.safeParse({ ...item, ...owner });
  return item.schemaVersion === SCHEMA_VERSION && parsed.success
    ? { readable: true, managed: parsed.data }
    : { readable: false };
};

export const rowId = (row: CredentialRow): string => (row.readable ? row.credential.id : row.id);
export const rowProvider = (row: CredentialRow): string | null =>
  row.readable ? row.credential.provider : row.provider;
export const rowType = (row: CredentialRow): CredentialType | null => (row.readable ? row.credential.type : row.type);

/** In order of creation; what can't be read comes last. */
export const byCreation = (a: CredentialRow, b: CredentialRow): number => {
  if (!a.readable || !b.readable) return a.readable === b.readable ? compare(rowId(a), rowId(b)) : a.readable ? -1 : 1;
  const [x, y] = [a.credential, b.credential];
  return x.createdAt - y.createdAt || x.ordinal - y.ordinal || compare(x.id, y.id);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
