// One page of an export: credentials in order of creation, then managed keys by provider. It names a position, so it holds when
// rows are added or deleted meanwhile, and it never grows larger than a function may answer.
import * as z from 'zod';
import { MAX_PAGE_BYTES } from '../credential/list-page.ts';
import { comparePositions } from '../credential/rows.ts';
import { measureBytes, readParts, writeParts } from '../values/page-cursor.ts';

/** The most entries of one page. */
export const EXPORT_PAGE = 100;

/** Where an entry stands. `createdAt` in epoch milliseconds, null if it cannot be read. */
export type ExportPosition =
  | { kind: 'credential'; createdAt: number | null; ordinal: number; id: string }
  | { kind: 'managed'; provider: string };

const Cursor = z.union([
  z.tuple([z.literal('credential'), z.int().nullable(), z.int(), z.string()]),
  z.tuple([z.literal('managed'), z.string()]),
]);

/** The opaque text that continues after an entry. */
export const writeExportCursor = (position: ExportPosition): string => {
  const parts =
    position.kind === 'managed'
      ? [position.kind, position.provider]
      : [position.kind, position.createdAt, position.ordinal, position.id];
  return writeParts(parts);
};

/** The position that `writeExportCursor` wrote; null for any other text. */
export const readExportCursor = (text: string): ExportPosition | null => {
  const parsed = Cursor.safeParse(readParts(text));
  if (!parsed.success) return null;
  if (parsed.data[0] === 'managed') return { kind: 'managed', provider: parsed.data[1] };
  const [kind, createdAt, ordinal, id] = parsed.data;
  return { kind, createdAt, ordinal, id };
};

/** Compares two positions: credentials come before managed keys. */
export const compareExport = (a: ExportPosition, b: ExportPosition): number => {
  if (a.kind === 'credential') return b.kind === 'credential' ? comparePositions(a, b) : -1;
  if (b.kind === 'credential') return 1;
  return a.provider < b.provider ? -1 : Number(a.provider > b.provider);
};

/** How many of the items, from the first on, fit into one answer: at least one. */
export const countFitting = (items: readonly unknown[]): number => {
  let bytes = 0;
  const tooMany = items.findIndex((item) => {
    bytes += measureBytes(item);
    return bytes > MAX_PAGE_BYTES;
  });
  return tooMany === -1 ? items.length : Math.max(1, tooMany);
};
