// Writing under a user's lock: a refusal becomes its error, and a row that moved meanwhile asks for another attempt from
// a new read. Attempts are bounded in number and time; the waits between them are jittered so that rivals part.

import type { Deps } from '../../domain/ports/deps.ts';
import type { UserRecord, UserWrite } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { explainRefusal, versionConflict } from './write-refusal.ts';

const MAX_ATTEMPTS = 25;
const MAX_MILLISECONDS = 4_000;
const LONGEST_WAIT_MILLISECONDS = 200;

/** Writes, or throws why not; 'changed' when a row moved since it was read. */
export const writeUser = async (
  deps: Pick<Deps, 'users'>,
  userId: string,
  write: UserWrite,
): Promise<'written' | 'changed'> => {
  const outcome = await deps.users.write(userId, write);
  if (outcome.written) return 'written';
  const refusal = explainRefusal(write, outcome);
  if (refusal === 'changed') return 'changed';
  throw refusal;
};

/** Runs an attempt (read, decide, write) until it is not overtaken. Throws `store_busy` when it always is. */
export const retryOnConflict = async <T>(
  deps: Pick<Deps, 'clock' | 'random' | 'sleep'>,
  attempt: () => Promise<T | 'changed'>,
): Promise<T> => {
  const giveUpAt = deps.clock.now() + MAX_MILLISECONDS;
  for (let tries = 1; ; tries++) {
    const result = await attempt();
    if (result !== 'changed') return result;
    if (tries === MAX_ATTEMPTS || deps.clock.now() >= giveUpAt) throw new ServiceError('store_busy');
    await deps.sleep(deps.random.fraction() * Math.min(LONGEST_WAIT_MILLISECONDS, 10 * 2 ** tries));
  }
};

/** What the write would say of the head, said early: before anything that depends on what else was read. */
export const assertUserRecord = (head: UserRecord | null, expectedVersion: number): void => {
  if (head?.erasing) throw new ServiceError('user_erasing');
  if ((head?.version ?? 0) !== expectedVersion) throw versionConflict(head);
};
