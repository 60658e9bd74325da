// Writes a user's credentials and managed keys under the user's version. A write that lost to another writer is repeated from
// a new read; attempts are bounded in number and time, with jittered waits so that competing writers separate.
import type { Deps } from '../../domain/ports/deps.ts';
import type { UserRecord, UserWrite } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { explainRefusal, versionConflict } from './write-refusal.ts';

const MAX_ATTEMPTS = 25;
const MAX_MILLISECONDS = 4_000;
const LONGEST_WAIT_MILLISECONDS = 200;

type UserChanges = Omit<UserWrite, 'token' | 'maxCredentials'>;

/**
 * Writes the changes in one transaction, under a new idempotency token that the store keeps through its own retries. Returns
 * 'conflict' when a row changed since it was read. Throws what `explainRefusal` returns.
 */
export const writeUser = async (
  { users, random, limits }: Pick<Deps, 'users' | 'random' | 'limits'>,
  userId: string,
  changes: UserChanges,
): Promise<'written' | 'conflict'> => {
  const write = { ...changes, token: random.uuid(), maxCredentials: limits.maxCredentialsPerUser };
  const outcome = await users.write(userId, write);
  if (outcome.kind === 'written') return 'written';
  const refusal = explainRefusal(write, outcome);
  if (refusal === 'conflict') return 'conflict';
  throw refusal;
};

/** Repeats an attempt (read, decide, write) until no other writer comes between. Throws `store_busy` at the bounds. */
export const retryOnConflict = async <T>(
  deps: Pick<Deps, 'clock' | 'random' | 'sleep'>,
  attempt: () => Promise<T | 'conflict'>,
): Promise<T> => {
  const giveUpAt = deps.clock.elapsed() + MAX_MILLISECONDS;
  for (let tries = 1; ; tries++) {
    const result = await attempt();
    if (result !== 'conflict') return result;
    if (tries === MAX_ATTEMPTS || deps.clock.elapsed() >= giveUpAt) throw new ServiceError('store_busy');
    await deps.sleep(deps.random.fraction() * Math.min(LONGEST_WAIT_MILLISECONDS, 10 * 2 ** tries));
  }
};

/**
 * Checks the user record as the write will, but before anything else read is judged, so that a stale caller always gets
 * `version_conflict`. Throws `user_erasing`, `version_conflict`.
 */
export const assertUserRecord = (user: UserRecord | null, expectedVersion: number): void => {
  if (user?.erasing) throw new ServiceError('user_erasing');
  if ((user?.version ?? 0) !== expectedVersion) throw versionConflict(user);
};
