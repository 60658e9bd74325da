// Lists the credentials a user can use: the user's own in order of creation, then the configured system credentials.
import { type CredentialView, viewRow, viewSystem } from '../../domain/credential/credential-view.ts';
import { type ListEntry, type Position, readCursor, takePage } from '../../domain/credential/list-page.ts';
import { byCreation, comparePositions, rowId, rowPosition } from '../../domain/credential/rows.ts';
import { systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { invalidRequest } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { readAllSummaries } from '../../steps/credential/read-all-summaries.ts';

interface ListCredentials {
  userId: string;
  /** Lists the credentials of this provider only. */
  provider?: string | undefined;
  /** How many to list at most; all that fit into one answer if omitted. */
  limit?: number | undefined;
  /** `next` of an earlier answer. */
  after?: string | undefined;
}

/** The user's version, the credentials, and the providers that can be used. */
export interface CredentialList {
  version: number;
  credentials: CredentialView[];
  /** Every provider with an active credential; the filter does not apply. */
  providers: string[];
  /** Continues the list; absent at its end. */
  next?: string;
}

type ListDeps = Pick<Deps, 'users' | 'systemDirectory' | 'clock'>;

const systemEntries = (configured: ReadonlySet<string>): ListEntry[] =>
  systemCredentials
    .map((credential, ordinal) => ({
      position: { source: 'system' as const, createdAt: null, ordinal, id: credential.id },
      view: viewSystem(credential),
    }))
    .filter(({ view }) => configured.has(view.id));

const readEntries = async ({ users, systemDirectory, clock }: ListDeps, userId: string) => {
  const [{ userRecord, rows }, configured] = await allSettledOrThrow([
    readAllSummaries({ users }, userId),
    systemDirectory.configuredIds(),
  ]);
  const now = clock.now();
  const own = rows.toSorted(byCreation).map((row): ListEntry => {
    const position = { source: 'user' as const, ...rowPosition(row), id: rowId(row) };
    return { position, view: viewRow(row, now) };
  });
  return { version: userRecord?.version ?? 0, entries: [...own, ...systemEntries(configured)] };
};

const isAfter = (position: Position, after: Position): boolean => {
  if (position.source !== after.source) return position.source === 'system';
  return comparePositions(position, after) > 0;
};

/** Throws `invalid_request`. */
const readAfter = (after: string | undefined): Position | undefined => {
  if (after === undefined) return undefined;
  const position = readCursor(after);
  if (position === null) throw invalidRequest('#/after', 'must be `next` of an earlier answer');
  return position;
};

/**
 * The user's and system credentials, of one provider if given, page by page. An unreadable row is listed as such. Throws
 * `invalid_request` for an `after` that no answer contained.
 */
export const listCredentials = async (
  deps: ListDeps,
  { userId, provider, limit = Number.POSITIVE_INFINITY, after }: ListCredentials,
): Promise<CredentialList> => {
  const start = readAfter(after);
  const { version, entries } = await readEntries(deps, userId);
  const listed = entries.filter(
    ({ position, view }) =>
      (provider === undefined || view.provider === provider) && (start === undefined || isAfter(position, start)),
  );
  const { views, ...next } = takePage(listed, limit);
  return { version, credentials: views, providers: usableProviders(entries.map(({ view }) => view)), ...next };
};

const usableProviders = (views: CredentialView[]): string[] => [
  ...new Set(views.flatMap((view) => (view.status === 'active' && view.provider !== null ? [view.provider] : []))),
];
