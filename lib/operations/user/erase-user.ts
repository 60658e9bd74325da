// Erases all of a user. The head is marked first, so that every write is refused; grants are revoked at their providers;
// rows go in transactions that hold only while that erasure lasts; a second caller joins it, so none can remove what was
// stored after the erasure ended.

import type { Deps } from '../../domain/ports/deps.ts';
import type { ErasableRow } from '../../domain/ports/erasure-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { revokeCredential } from '../../steps/credential/revoke-credential.ts';
import { versionConflict } from '../../steps/credential/write-refusal.ts';

/** How long the bare head is kept, so that an old version never becomes valid again. */
const FORGET_AFTER_SECONDS = 30 * 24 * 3600;
/** One request erases for so long, and is repeatable until done. */
const MAX_MILLISECONDS = 15_000;

export interface Erased {
  credentials: number;
  managed: number;
  revoked: number;
}

type EraseDeps = Pick<Deps, 'users' | 'erasures' | 'sealer' | 'providers' | 'oauth' | 'clock' | 'random'>;

/** So many at once: each may be a call to a provider. */
const CHUNK = 10;

/** How many of the grants among these rows their providers have revoked. */
const revokeAll = async (deps: EraseDeps, userId: string, rows: readonly ErasableRow[]): Promise<number> => {
  const revoked = await allSettledOrThrow(
    rows.map(async ({ credentialId }) => {
      const row = credentialId === null ? null : await deps.users.readCredential(userId, credentialId);
      return row?.readable ? (await revokeCredential(deps, row.credential)).revoked === true : false;
    }),
  );
  return revoked.filter(Boolean).length;
};

const removeAll = async (deps: EraseDeps, userId: string, erasureId: string): Promise<Erased> => {
  const erased = { credentials: 0, managed: 0, revoked: 0 };
  const giveUpAt = deps.clock.now() + MAX_MILLISECONDS;
  for (;;) {
    const rows = (await deps.erasures.readErasable(userId)).slice(0, CHUNK);
    if (rows.length === 0) return erased;
    if (deps.clock.now() >= giveUpAt) throw new ServiceError('store_busy');
    const revoked = await revokeAll(deps, userId, rows);
    const removal = { token: deps.random.uuid(), keys: rows.map((row) => row.key) };
    // False: the erasure was finished by another caller who had joined it, so nothing of ours is left.
    if (!(await deps.erasures.removeRows(userId, erasureId, removal))) return erased;
    erased.credentials += rows.filter((row) => row.kind === 'credential').length;
    erased.revoked += revoked;
    erased.managed += rows.filter((row) => row.kind === 'managed').length;
  }
};

/** Throws `version_conflict`; `store_busy` when time ran out, and then the next call goes on from there. */
export const eraseUser = async (
  deps: EraseDeps,
  { userId, expectedVersion }: { userId: string; expectedVersion?: number | undefined },
): Promise<Erased> => {
  const begun = await deps.erasures.beginErasure(userId, deps.random.uuid(), expectedVersion);
  if (!begun.begun) throw versionConflict(begun.head);
  const erased = await removeAll(deps, userId, begun.erasureId);
  const forgetAtSeconds = Math.ceil(deps.clock.now() / 1000) + FORGET_AFTER_SECONDS;
  await deps.erasures.finishErasure(userId, begun.erasureId, forgetAtSeconds);
  return erased;
};
