// The row a request is about, read before the version: versions only grow, so one that the caller has seen and that is
// still the newest was so while the row was read. What is then said of the row holds at the version the caller named.

import type { CredentialRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { assertUserRecord } from './write-user.ts';

interface ReadRow {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

/** A stale caller hears of that before of anything else. Throws `user_erasing`, `version_conflict`, `credential_not_found`. */
export const readRow = async (
  { users }: Pick<Deps, 'users'>,
  { userId, id, expectedVersion }: ReadRow,
): Promise<CredentialRow> => {
  const row = await users.readCredential(userId, id);
  if (expectedVersion !== undefined) assertUserRecord(await users.readUserRecord(userId), expectedVersion);
  if (row === null) throw new ServiceError('credential_not_found');
  return row;
};
