// One page of a user's credentials: after a position, at most so many, and never larger than a function may answer (6 MB for
// the whole answer of a Lambda function, in which the body is a JSON text inside JSON).
import * as z from 'zod';
import { measureBytes, readParts, writeParts } from '../values/page-cursor.ts';
import type { CredentialView } from './credential-view.ts';

/** What the views of one page may take; the rest of the answer is far below the remaining 2 MB. */
export const MAX_PAGE_BYTES = 4_000_000;

/** The position of an entry in the list. `createdAt` in epoch milliseconds, null if not known; `id` breaks ties. */
export interface Position {
  source: 'user' | 'system';
  createdAt: number | null;
  ordinal: number;
  id: string;
}

/** A credential to list, and its position. */
export interface ListEntry {
  position: Position;
  view: CredentialView;
}

const Cursor = z.tuple([z.enum(['user', 'system']), z.int().nullable(), z.int(), z.string()]);

/** The opaque text that continues after an entry. It names a position, so it holds after that entry is deleted. */
export const writeCursor = ({ source, createdAt, ordinal, id }: Position): string =>
  writeParts([source, createdAt, ordinal, id]);

/** The position that `writeCursor` wrote; null for any other text. */
export const readCursor = (text: string): Position | null => {
  const parsed = Cursor.safeParse(readParts(text));
  if (!parsed.success) return null;
  const [source, createdAt, ordinal, id] = parsed.data;
  return { source, createdAt, ordinal, id };
};

/** The first entries that fit, at least one; `next` continues after them, undefined at the end of the list. */
export const takePage = (entries: readonly ListEntry[], limit: number): { views: CredentialView[]; next?: string } => {
  const views: CredentialView[] = [];
  let bytes = 0;
  for (const [index, { view }] of entries.entries()) {
    bytes += measureBytes(view);
    const before = entries[index - 1];
    if (before && (index === limit || bytes > MAX_PAGE_BYTES)) return { views, next: writeCursor(before.position) };
    views.push(view);
  }
  return { views };
};
