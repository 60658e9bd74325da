// Erases all data of a user. The user record is marked first, so that every write is refused; OAuth credentials are revoked; rows,
// and the states of flows that are still open, are deleted in transactions that require this erasure to be under way. A second
// caller joins the same erasure, so no caller can delete what was stored after it ended.
import type { ReadableRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { ErasableRow } from '../../domain/ports/erasure-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { versionConflict } from '../../steps/credential/write-refusal.ts';
import { disconnect } from '../../steps/disconnect/disconnect.ts';
import { isRetriable } from '../../steps/disconnect/revoke-credential.ts';
import type { WaitDeps } from '../../steps/refresh/refresh-or-wait.ts';

/** The user record outlives the erasure by this long, so that no earlier version becomes valid again. */
const FORGET_AFTER_SECONDS = 30 * 24 * 3600;
/** The longest that one request erases; the caller repeats it until it succeeds. */
const MAX_MILLISECONDS = 15_000;
/** So long after its beginning an erasure goes on without revoking what it cannot open: it must not lock the user for good. */
const KEEP_TRYING_MILLISECONDS = 3_600_000;

/** How many rows were deleted, and how many OAuth credentials their providers have revoked. */
export interface Erased {
  credentials: number;
  managed: number;
  revoked: number;
}

type EraseDeps = WaitDeps & Pick<Deps, 'erasures'>;

/** Rows per transaction. Each row may need a call to a provider, and these run at the same time. */
const CHUNK = 10;

interface Chunk {
  userId: string;
  rows: readonly ErasableRow[];
  /** Whether a credential whose keys cannot be read may be deleted without being revoked. */
  mayLeave: boolean;
  /** When this request must have answered, by the clock's `elapsed`. */
  finishBy: number;
}

/** Each attempt may meet a refresh of the row; the last one refreshes nothing itself. */
const MAX_TRIES = 3;

/** All credentials of an account are erased, so none is spared. */
const endGrant = async (deps: EraseDeps, found: ReadableRow, finishBy: number): Promise<boolean> => {
  const { userId, id } = found.credential;
  let row: ReadableRow = found;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const ended = await disconnect(deps, { row, finishBy: tries === MAX_TRIES ? null : finishBy, spares: false });
    if (ended.kind === 'ended') return ended.revocation.revoked === true;
    const current = await deps.users.readCredential(userId, id);
    if (!current?.readable) return false;
    row = current;
  }
  return false;
};

const isRevoked = async (deps: EraseDeps, row: ReadableRow, { mayLeave, finishBy }: Chunk): Promise<boolean> => {
  try {
    return await endGrant(deps, row, finishBy);
  } catch (error) {
    if (mayLeave && isRetriable(error)) return false;
    throw error;
  }
};

/** Revokes the OAuth credentials among the rows; returns how many their providers have revoked. */
const revokeAll = async (deps: EraseDeps, chunk: Chunk): Promise<number> => {
  const { userId, rows } = chunk;
  const revoked = await allSettledOrThrow(
    rows.map(async ({ credentialId }) => {
      const row = credentialId === null ? null : await deps.users.readCredential(userId, credentialId);
      return row?.readable ? isRevoked(deps, row, chunk) : false;
    }),
  );
  return revoked.filter(Boolean).length;
};

interface Erasure {
  userId: string;
  erasureId: string;
  since: number;
}

const removeAll = async (deps: EraseDeps, { userId, erasureId, since }: Erasure): Promise<Erased> => {
  const erased = { credentials: 0, managed: 0, revoked: 0 };
  const startedAt = deps.clock.elapsed();
  const finishBy = startedAt + deps.budget.answerMilliseconds;
  for (;;) {
    const rows = (await deps.erasures.readErasable(userId)).slice(0, CHUNK);
    if (rows.length === 0) return erased;
    if (deps.clock.elapsed() >= startedAt + MAX_MILLISECONDS) throw new ServiceError('store_busy');
    const mayLeave = deps.clock.now() - since >= KEEP_TRYING_MILLISECONDS;
    const revoked = await revokeAll(deps, { userId, rows, mayLeave, finishBy });
    const removal = { token: deps.random.uuid(), keys: rows.map((row) => row.key) };
    // False: another caller of the same erasure has finished it, so no row is left.
    if (!(await deps.erasures.removeRows(userId, erasureId, removal))) return erased;
    erased.credentials += rows.filter((row) => row.kind === 'credential').length;
    erased.revoked += revoked;
    erased.managed += rows.filter((row) => row.kind === 'managed').length;
  }
};

/**
 * Erases a user. Throws `version_conflict`, `keys_unavailable`, `secrets_unavailable`, and `store_busy` when the time ran out:
 * the next call continues.
 */
export const eraseUser = async (
  deps: EraseDeps,
  { userId, expectedVersion }: { userId: string; expectedVersion?: number | undefined },
): Promise<Erased> => {
  const begin = { id: deps.random.uuid(), at: deps.clock.now(), expectedVersion };
  const erasure = await deps.erasures.beginErasure(userId, begin);
  if (erasure.kind === 'refused') throw versionConflict(erasure.userRecord);
  const { erasureId, since } = erasure;
  const erased = await removeAll(deps, { userId, erasureId, since });
  const forgetAtSeconds = Math.ceil(deps.clock.now() / 1000) + FORGET_AFTER_SECONDS;
  await deps.erasures.finishErasure(userId, erasureId, forgetAtSeconds);
  return erased;
};
