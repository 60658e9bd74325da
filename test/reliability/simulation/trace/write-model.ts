// A model of writes on plain data: from the rows before and the request it computes the rows after. Written from the rules,
// not from the code.
import type { Item } from '../../../../lib/domain/credential/rows.ts';
import type { NewItem, WriteRequest } from '../workload/request.ts';
import { emptySnapshot, type Snapshot } from './timeline.ts';

export interface Row {
  title: unknown;
  version: number;
  createdAt: unknown;
  broken: boolean;
  secret: { apiKey?: string; accessToken?: string; refreshToken?: string; clientId?: string; tokenOrigin?: string };
}
export type Rows = ReadonlyMap<string, Row>;

/** The document sealed by the in-memory sealer. */
export const unsealDocument = (item: Item): unknown =>
  JSON.parse(Buffer.from(String(item.sealed), 'base64url').toString());

export const toRow = (item: Item): Row => ({
  title: item.title ?? null,
  version: Number(item.version),
  createdAt: item.createdAt,
  broken: item.brokenReason !== undefined,
  secret: (unsealDocument(item) as { document: Row['secret'] }).document,
});

export const toRows = (items: ReadonlyMap<string, Item>): Rows => new Map([...items].map(([id, i]) => [id, toRow(i)]));

export const managedSecret = (item: Item): string =>
  (unsealDocument(item) as { document: { secret: string } }).document.secret;

const writtenSecret = (item: NewItem, before: Row | undefined): Row['secret'] => {
  if (!item.oauth) return { apiKey: item.key };
  // A refresh token the provider refused is not kept.
  const { refreshToken, clientId, tokenOrigin } = before === undefined || before.broken ? {} : before.secret;
  if (item.refresh !== undefined) return { accessToken: item.key, refreshToken: item.refresh };
  if (refreshToken === undefined) return { accessToken: item.key };
  // What a kept refresh token is bound to stays with it.
  return { accessToken: item.key, refreshToken, ...(clientId !== undefined && { clientId, tokenOrigin }) };
};

const put = (item: NewItem, before: Row | undefined, after: Row | undefined): Row => ({
  title: item.title ?? before?.title ?? null,
  version: (before?.version ?? 0) + 1,
  createdAt: before?.createdAt ?? after?.createdAt,
  broken: false,
  secret: writtenSecret(item, before),
});

/** The ids in `after` that are not in `before`, in order of creation: those the service chose. */
const newIds = (before: Rows, after: Rows): string[] => [...after.keys()].filter((id) => !before.has(id));

/** The rows after the write, or null when the write must be refused. */
const expectedRows = (request: WriteRequest, before: Rows, after: Rows): Rows | null => {
  const rows = new Map(before);
  const given = newIds(before, after);
  const changeOne = (id: string, change: (row: Row) => Row) => {
    const row = before.get(id);
    return row ? rows.set(id, change(row)) : null;
  };
  switch (request.kind) {
    case 'add': {
      const id = request.item.id ?? given[0];
      return id === undefined || before.has(id) ? null : rows.set(id, put(request.item, undefined, after.get(id)));
    }
    case 'replace':
      return changeOne(request.id, (row) => put(request.item, row, undefined));
    case 'rename':
      return changeOne(request.id, (row) => ({ ...row, title: request.title, version: row.version + 1 }));
    case 'delete':
      return rows.delete(request.id) ? rows : null;
    case 'edit':
      return applyEdit(request, { before, after, rows });
    default:
      return rows;
  }
};

const applyEdit = (
  request: Extract<WriteRequest, { kind: 'edit' }>,
  { before, after, rows }: { before: Rows; after: Rows; rows: Map<string, Row> },
): Rows | null => {
  if (!request.remove.every((id) => rows.delete(id))) return null;
  const named = new Set(request.put.map((item) => item.id));
  const unnamed = newIds(before, after).filter((id) => !named.has(id));
  for (const item of request.put) {
    const id = item.id ?? unnamed.shift();
    if (id === undefined) return null;
    rows.set(id, put(item, before.get(id), after.get(id)));
  }
  return rows;
};

const sameRows = (a: Rows, b: Rows): boolean =>
  a.size === b.size && [...a].every(([id, row]) => JSON.stringify(row) === JSON.stringify(b.get(id)));

/** The managed keys after the write, by provider, or null when the write must be refused. */
const expectedManaged = (
  request: WriteRequest,
  before: ReadonlyMap<string, Item>,
): ReadonlyMap<string, string> | null => {
  const keys = new Map([...before].map(([provider, item]) => [provider, managedSecret(item)]));
  if (request.kind === 'putManaged') return keys.set(request.provider, request.secret);
  if (request.kind === 'deleteManaged') return keys.delete(request.provider) ? keys : null;
  return keys;
};

const toText = (entries: Iterable<unknown>) => JSON.stringify([...entries]);

/** How the effect of a write differs from the request; null when it does not. */
export const findWriteError = (request: WriteRequest, { before, rows, managed }: Snapshot): string | null => {
  const was = before ?? emptySnapshot;
  const [old, now] = [toRows(was.rows), toRows(rows)];
  const wanted = expectedRows(request, old, now);
  if (!wanted || !sameRows(wanted, now)) return `made ${toText(old)} into ${toText(now)}`;
  const keys = expectedManaged(request, was.managed);
  const stored = toText([...managed].map(([provider, item]) => [provider, managedSecret(item)]));
  return keys && toText(keys) === stored ? null : `left the managed keys ${stored}`;
};
