// Stores a batch of an import in one transaction. What cannot be stored (an id that exists meanwhile, a credential over the limit)
// leaves the batch with its reason, and the rest is written: the table says which, so no write is tried blindly.
import type { Deps } from '../../domain/ports/deps.ts';
import type { Change, UserRecord, WriteOutcome } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { versionConflict } from '../credential/write-refusal.ts';

/** What an import requires of the user. */
export interface BatchConditions {
  userId: string;
  /** If-Match, counted on with each batch that was written; undefined: any version. */
  expectedVersion: number | undefined;
  /** An erasure that began after the import: nothing may be stored after it. */
  expectedErasures: number;
}

/** What became of one change. */
export type ChangeOutcome = 'imported' | 'exists' | 'credential_limit';

type Refused = Extract<WriteOutcome, { kind: 'refused' }>;

/** Throws `user_erasing`, `version_conflict`. */
const assertUser = (user: UserRecord | null, { expectedVersion, expectedErasures }: BatchConditions): void => {
  if (user?.erasing || (user?.erasures ?? 0) !== expectedErasures) throw new ServiceError('user_erasing');
  if (expectedVersion !== undefined && (user?.version ?? 0) !== expectedVersion) throw versionConflict(user);
};

/** The changes over the limit: the last credentials of the batch. */
const findOverLimit = (changes: ReadonlyMap<number, Change>, room: number): number[] =>
  [...changes].flatMap(([index, { kind }]) => (kind === 'put' ? [index] : [])).slice(Math.max(0, room));

const judgeRefusal = (
  changes: ReadonlyMap<number, Change>,
  { refused, userRecord }: Refused,
  maxCredentials: number,
): { indexes: number[]; outcome: ChangeOutcome } => {
  const indexes = [...changes.keys()];
  if (refused.length > 0) return { indexes: refused.map((at) => indexes[at] as number), outcome: 'exists' };
  const room = maxCredentials - (userRecord?.count ?? 0);
  return { indexes: findOverLimit(changes, room), outcome: 'credential_limit' };
};

/**
 * Stores as many of the changes as can be; the outcome of each, in their order. Throws `user_erasing`, `version_conflict`,
 * `store_busy`.
 */
export const writeBatch = async (
  { users, random, limits }: Pick<Deps, 'users' | 'random' | 'limits'>,
  changes: readonly Change[],
  conditions: BatchConditions,
): Promise<ChangeOutcome[]> => {
  const outcomes = new Map<number, ChangeOutcome>();
  const left = new Map(changes.entries());
  const { maxCredentialsPerUser: maxCredentials } = limits;
  const { userId, ...expected } = conditions;
  while (left.size > 0) {
    const write = { ...expected, token: random.uuid(), maxCredentials, changes: [...left.values()] };
    const outcome = await users.write(userId, write);
    if (outcome.kind === 'written') break;
    if (outcome.userRecordRefused) assertUser(outcome.userRecord, conditions);
    const removed = judgeRefusal(left, outcome, maxCredentials);
    // Contention that no condition shows: never repeated without end.
    if (removed.indexes.length === 0) throw new ServiceError('store_busy');
    for (const index of removed.indexes) {
      outcomes.set(index, removed.outcome);
      left.delete(index);
    }
  }
  return changes.map((_, index) => outcomes.get(index) ?? 'imported');
};
