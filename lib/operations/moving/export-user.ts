// Exports a user page by page: every credential with its whole secret, and the managed keys. What cannot be read is told. Nothing is
// changed.
import type { CredentialRow, ManagedRow } from '../../domain/credential/rows.ts';
import { rowId, rowPosition } from '../../domain/credential/rows.ts';
import {
  compareExport,
  countFitting,
  EXPORT_PAGE,
  type ExportPosition,
  readExportCursor,
  writeExportCursor,
} from '../../domain/moving/export-page.ts';
import {
  type ExportedCredential,
  type ExportedManagedKey,
  exportCredential,
  exportUnreadable,
} from '../../domain/moving/exported.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';
import { openCredential, openManagedKey } from '../../steps/credential/open-credential.ts';
import { mapConcurrently } from '../../steps/moving/map-concurrently.ts';

interface ExportUser {
  userId: string;
  /** `next` of an earlier page. */
  after?: string | undefined;
}

/** One page of an export. */
export interface UserExport {
  version: number;
  credentials: ExportedCredential[];
  managed: ExportedManagedKey[];
  /** Continues the export; null at its end. */
  next: string | null;
}

type ExportDeps = Pick<Deps, 'users' | 'sealer' | 'meter'>;

type Entry =
  | { kind: 'credential'; position: ExportPosition; row: CredentialRow }
  | { kind: 'managed'; position: ExportPosition; provider: string; row: ManagedRow };

type Exported = { kind: 'credential'; item: ExportedCredential } | { kind: 'managed'; item: ExportedManagedKey };

const isUnreadable = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'credential_unreadable';

const openRow = async (deps: ExportDeps, row: CredentialRow): Promise<ExportedCredential> => {
  if (!row.readable) return exportUnreadable(row);
  try {
    return exportCredential(row.credential, await openCredential(deps, row.credential));
  } catch (error) {
    if (isUnreadable(error)) return exportUnreadable(row);
    throw error;
  }
};

const openManaged = async (deps: ExportDeps, provider: string, row: ManagedRow): Promise<ExportedManagedKey> => {
  if (!row.readable) return { provider, secret: null, reason: 'unreadable' };
  try {
    return { provider, secret: await openManagedKey(deps, row.managed), reason: null };
  } catch (error) {
    if (isUnreadable(error)) return { provider, secret: null, reason: 'unreadable' };
    throw error;
  }
};

const openEntry = async (deps: ExportDeps, entry: Entry): Promise<Exported> =>
  entry.kind === 'credential'
    ? { kind: 'credential', item: await openRow(deps, entry.row) }
    : { kind: 'managed', item: await openManaged(deps, entry.provider, entry.row) };

/** Throws `invalid_request`. */
const readAfter = (after: string | undefined): ExportPosition | null => {
  if (after === undefined) return null;
  const position = readExportCursor(after);
  if (position === null) throw invalidRequest('#/after', 'must be `next` of an earlier answer');
  return position;
};

const readEntries = async ({ users }: ExportDeps, userId: string): Promise<{ version: number; entries: Entry[] }> => {
  const { userRecord, rows } = await users.readUser(userId);
  const managed = await users.readManagedKeys(userId);
  const entries: Entry[] = [
    ...rows.map((row): Entry => {
      const position = { kind: 'credential', ...rowPosition(row), id: rowId(row) } as const;
      return { kind: 'credential', position, row };
    }),
    ...managed.map(({ provider, row }): Entry => {
      return { kind: 'managed', position: { kind: 'managed', provider }, provider, row };
    }),
  ];
  entries.sort((a, b) => compareExport(a.position, b.position));
  return { version: userRecord?.version ?? 0, entries };
};

/**
 * One page of all that is stored of a user. Throws `invalid_request` (an `after` that no page contained), `keys_unavailable`,
 * `store_busy`, `store_unavailable`.
 */
export const exportUser = async (deps: ExportDeps, { userId, after }: ExportUser): Promise<UserExport> => {
  const start = readAfter(after);
  const { version, entries } = await readEntries(deps, userId);
  const left = start === null ? entries : entries.filter(({ position }) => compareExport(position, start) > 0);
  const opened = await mapConcurrently(left.slice(0, EXPORT_PAGE), (entry) => openEntry(deps, entry));
  const page = opened.slice(0, countFitting(opened));
  const last = left[page.length - 1];
  deps.meter.record('Exports', page.length);
  return {
    version,
    credentials: page.flatMap((one) => (one.kind === 'credential' ? [one.item] : [])),
    managed: page.flatMap((one) => (one.kind === 'managed' ? [one.item] : [])),
    next: last !== undefined && page.length < left.length ? writeExportCursor(last.position) : null,
  };
};
