// Reads what the list shows of all credentials of a user from the index. A damaged row may be missing there; the count in the user
// record shows that, and only then the whole user is read.
import type { SummaryRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { UserRecord } from '../../domain/ports/user-store.ts';

/**
 * The user record and all rows, in no particular order. The record is read before the rows, so its version is never newer than
 * they are. Throws `store_busy`, `store_unavailable`.
 */
export const readAllSummaries = async (
  { users }: Pick<Deps, 'users'>,
  userId: string,
): Promise<{ userRecord: UserRecord | null; rows: SummaryRow[] }> => {
  const userRecord = await users.readUserRecord(userId);
  const rows = await users.readSummaries(userId, { kind: 'all' });
  const found = { userRecord, rows };
  if (rows.length === (userRecord?.count ?? 0)) return found;
  // A credential was added or deleted between the two reads, which is no damage.
  const later = await users.readUserRecord(userId);
  return later?.version === userRecord?.version ? users.readUser(userId) : found;
};
