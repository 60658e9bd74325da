// Cuts the entries of an import into batches that fit into one transaction.
import type { StorableEntry } from '../../domain/moving/import-document.ts';

/** A transaction holds 100 items (DynamoDB TransactWriteItems); one is the user record. */
const MAX_CHANGES = 99;
/** A transaction may be 4 MB; a quarter of it is answered well within the time of one attempt. */
const MAX_BYTES = 1_000_000;

/** An entry and its index in the document. */
export interface PlacedEntry {
  index: number;
  entry: StorableEntry;
}

/** Sealed in base64url and beside its keys, an entry is at most twice as large. */
const measureBytes = ({ entry }: PlacedEntry): number => 2 * Buffer.byteLength(JSON.stringify(entry));

/** Removes the first batch from the list and returns it: at least one entry. */
export const takeBatch = (entries: PlacedEntry[]): PlacedEntry[] => {
  let bytes = 0;
  const end = entries.slice(0, MAX_CHANGES).findIndex((placed) => {
    bytes += measureBytes(placed);
    return bytes > MAX_BYTES;
  });
  return entries.splice(0, end === -1 ? MAX_CHANGES : Math.max(1, end));
};
