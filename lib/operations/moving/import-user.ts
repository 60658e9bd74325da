// Imports a document into a user: each entry by itself, in batches, never over anything stored. It can be repeated: what an earlier
// request stored is skipped, and what it did not reach is stored then. It is not atomic.

import { rowId } from '../../domain/credential/rows.ts';
import {
  type ImportEntry,
  type ImportFormat,
  readImportDocument,
  type StorableEntry,
} from '../../domain/moving/import-document.ts';
import type { RawFields } from '../../domain/moving/judge-credential.ts';
import type { SkippedEntry, SkipReason } from '../../domain/moving/skip-reason.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { UserRecord } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { assertUserRecord } from '../../steps/credential/write-user.ts';
import { importBatch } from '../../steps/moving/import-batch.ts';
import { importState } from '../../steps/moving/import-state.ts';
import { type PlacedEntry, takeBatch } from '../../steps/moving/take-batch.ts';

interface ImportUser {
  userId: string;
  format: ImportFormat;
  document: RawFields;
  expectedVersion?: number | undefined;
}

/** What became of the entries of a document, in its order. */
export interface ImportReport {
  imported: string[];
  skipped: SkippedEntry[];
  /** The version of the user after the import, if the caller named the one before. */
  version: number | undefined;
}

type ImportDeps = Pick<Deps, 'users' | 'states' | 'sealer' | 'templates' | 'redirects' | 'clock' | 'random' | 'limits'>;

type Outcome = 'imported' | SkipReason;

/** After this time no further batch begins: the last one ends before the function's own limit. */
const MAX_MILLISECONDS = 15_000;

/** What is stored already, and how many credentials more there is room for. */
const readStored = async ({ users, limits }: ImportDeps, { userId, expectedVersion }: ImportUser) => {
  const userRecord: UserRecord | null = await users.readUserRecord(userId);
  if (userRecord?.erasing) throw new ServiceError('user_erasing');
  if (expectedVersion !== undefined) assertUserRecord(userRecord, expectedVersion);
  const [rows, keys] = await allSettledOrThrow([
    users.readSummaries(userId, { kind: 'all' }),
    users.readManagedKeys(userId),
  ]);
  return {
    erasures: userRecord?.erasures ?? 0,
    ids: new Set(rows.map(rowId)),
    managed: new Set(keys.map(({ provider }) => provider)),
    room: Math.max(0, limits.maxCredentialsPerUser - (userRecord?.count ?? 0)),
  };
};

const isStorable = (entry: ImportEntry): entry is StorableEntry =>
  entry.kind === 'credential' || entry.kind === 'managed';

type Stored = Awaited<ReturnType<typeof readStored>>;

/** What needs no write; undefined: still to store. */
const judgeStored = ({ ids, managed }: Stored, entry: ImportEntry): Outcome | undefined => {
  switch (entry.kind) {
    case 'skipped':
      return entry.reason;
    case 'credential':
      return ids.has(entry.id) ? 'exists' : undefined;
    case 'managed':
      return managed.has(entry.provider) ? 'exists' : undefined;
    case 'state':
      return undefined;
  }
};

interface Progress {
  entries: readonly ImportEntry[];
  outcomes: (Outcome | undefined)[];
  stored: Stored;
  now: number;
  isLate: () => boolean;
}

/** Without room for a credential more, none is sealed in vain. */
const dropOverLimit = (left: PlacedEntry[], outcomes: Progress['outcomes']): PlacedEntry[] =>
  left.filter(({ index, entry }) => {
    if (entry.kind === 'credential') outcomes[index] = 'credential_limit';
    return entry.kind !== 'credential';
  });

/** Stores credentials and managed keys, batch by batch. Returns the version of the user, if the caller named the one before. */
const importBatches = async (
  deps: ImportDeps,
  { userId, expectedVersion }: ImportUser,
  { entries, outcomes, stored, now, isLate }: Progress,
): Promise<number | undefined> => {
  let { room } = stored;
  let version = expectedVersion;
  let left = [...entries.entries()].flatMap(([index, entry]) =>
    outcomes[index] === undefined && isStorable(entry) ? [{ index, entry }] : [],
  );
  for (;;) {
    if (room <= 0) left = dropOverLimit(left, outcomes);
    if (left.length === 0 || isLate()) return version;
    const batch = takeBatch(left);
    const conditions = { userId, expectedVersion: version, expectedErasures: stored.erasures };
    const results = await importBatch(deps, batch, { now, ...conditions });
    for (const [at, { index, entry }] of batch.entries()) {
      outcomes[index] = results[at];
      if (results[at] === 'imported' && entry.kind === 'credential') room--;
    }
    if (results.includes('credential_limit')) room = 0;
    if (version !== undefined && results.includes('imported')) version++;
  }
};

const importStates = async (
  deps: ImportDeps,
  userId: string,
  { entries, outcomes, stored, isLate }: Progress,
): Promise<void> => {
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'state' && !isLate())
      outcomes[index] = await importState(deps, { userId, erasures: stored.erasures }, entry.state);
  }
};

const report = (entries: readonly ImportEntry[], outcomes: readonly (Outcome | undefined)[]) => {
  const told = entries.map(({ id }, index) => ({ id, outcome: outcomes[index] ?? ('not_reached' as const) }));
  return {
    imported: told.flatMap(({ id, outcome }) => (outcome === 'imported' ? [id] : [])),
    skipped: told.flatMap(({ id, outcome }) => (outcome === 'imported' ? [] : [{ id, reason: outcome }])),
  };
};

/**
 * Stores what can be stored of the document; the rest is named with its reason. Throws `invalid_request` (the document is no
 * document of that format), `user_erasing`, `version_conflict`, `keys_unavailable`, `secrets_unavailable`, `store_busy`: what was
 * stored before stays, and a repeated request goes on.
 */
export const importUser = async (deps: ImportDeps, request: ImportUser): Promise<ImportReport> => {
  const giveUpAt = deps.clock.elapsed() + MAX_MILLISECONDS;
  const isLate = () => deps.clock.elapsed() >= giveUpAt;
  const { userId } = request;
  const stored = await readStored(deps, request);
  const now = deps.clock.now();
  const entries = readImportDocument(request, now);
  const outcomes = entries.map((entry) => judgeStored(stored, entry));
  const progress = { entries, outcomes, stored, now, isLate };
  const version = await importBatches(deps, request, progress);
  await importStates(deps, userId, progress);
  return { ...report(entries, outcomes), version };
};
