// Whether a revocation would end more than the credential it is meant for: at some providers it ends all that the account has granted
// to the client. An account that is not known may be the same one.
import { rowId, rowType, type SummaryRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';

/** Whose tokens are to be revoked. */
export interface GrantOwner {
  userId: string;
  /** The credential that holds them; null: none does. */
  id: string | null;
  /** The account's key (`accountKey`); null: unknown. */
  accountId: string | null;
}

const mayShare = (row: SummaryRow, { id, accountId }: GrantOwner): boolean => {
  if (rowId(row) === id || !['oauth2', null].includes(rowType(row))) return false;
  const other = row.readable ? row.credential.accountId : null;
  return other === null || accountId === null || other === accountId;
};

/**
 * The user's version at which another credential may live on the same grant, so that nothing may be revoked; null when none does. The
 * version is read first: once the other credential is deleted it is a higher one. Of a user who is being erased nothing stays. Reads
 * nothing unless the record says that revoking ends the account's grant. Throws `store_busy`, `store_unavailable`.
 */
export const findSharedVersion = async (
  { users }: Pick<Deps, 'users'>,
  { provider, profile }: OAuthClient,
  owner: GrantOwner,
): Promise<number | null> => {
  if (!profile.revocationEndsAccount) return null;
  const userRecord = await users.readUserRecord(owner.userId);
  if (userRecord?.erasing) return null;
  const rows = await users.readSummaries(owner.userId, { kind: 'provider', provider });
  return rows.some((row) => mayShare(row, owner)) ? (userRecord?.version ?? 0) : null;
};
