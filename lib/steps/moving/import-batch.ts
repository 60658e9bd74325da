// One batch of an import: checks what only the provider's record can tell, seals the rest and stores it in one transaction.
import type { StorableEntry } from '../../domain/moving/import-document.ts';
import { movedVariables } from '../../domain/moving/moved-credential.ts';
import type { SkipReason } from '../../domain/moving/skip-reason.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { assertVariables } from '../credential/check-variables.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { sealMovedCredential, sealMovedKey } from './seal-entry.ts';
import type { PlacedEntry } from './take-batch.ts';
import { type BatchConditions, writeBatch } from './write-batch.ts';

type BatchDeps = Pick<Deps, 'users' | 'sealer' | 'templates' | 'random' | 'limits'>;

/** Throws `secrets_unavailable`. */
const hasValidVariables = async (deps: BatchDeps, entry: StorableEntry): Promise<boolean> => {
  if (entry.kind === 'managed') return true;
  const { credential } = entry;
  try {
    await assertVariables(deps, { provider: credential.provider, variables: movedVariables(credential) });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'invalid_request') return false;
    throw error;
  }
};

/** null: its variables are not those of the provider's record. */
const sealEntry = async (
  deps: BatchDeps,
  { index, entry }: PlacedEntry,
  target: { userId: string; now: number },
): Promise<Change | null> => {
  if (!(await hasValidVariables(deps, entry))) return null;
  return entry.kind === 'managed'
    ? sealMovedKey(deps, entry, { ...target, index })
    : sealMovedCredential(deps, entry.credential, { ...target, index });
};

/**
 * What became of each entry, in their order. Throws `user_erasing`, `version_conflict`, `keys_unavailable`, `secrets_unavailable`,
 * `store_busy`.
 */
export const importBatch = async (
  deps: BatchDeps,
  batch: readonly PlacedEntry[],
  { now, ...conditions }: BatchConditions & { now: number },
): Promise<('imported' | SkipReason)[]> => {
  const target = { userId: conditions.userId, now };
  const sealed = await mapConcurrently(batch, (placed) => sealEntry(deps, placed, target));
  const changes = sealed.filter((change) => change !== null);
  const outcomes = await writeBatch(deps, changes, conditions);
  let at = 0;
  return sealed.map((change) => (change === null ? 'invalid_variables' : (outcomes[at++] as 'imported' | SkipReason)));
};
