// Reads the row a request is about, and then the version. In this order, since versions only grow: if the version is still the
// caller's after the row was read, the row is the one of that version.
import type { CredentialRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { assertUserRecord } from './write-user.ts';

interface ReadRow {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

/**
 * The row, readable or not. A stale version is refused before the row is judged. Throws `user_erasing`, `version_conflict`,
 * `credential_not_found`.
 */
export const readRow = async (
  { users }: Pick<Deps, 'users'>,
  { userId, id, expectedVersion }: ReadRow,
): Promise<CredentialRow> => {
  const row = await users.readCredential(userId, id);
  if (expectedVersion !== undefined) assertUserRecord(await users.readUserRecord(userId), expectedVersion);
  if (row === null) throw new ServiceError('credential_not_found');
  return row;
};
