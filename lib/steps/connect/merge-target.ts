// Which stored credential a new grant renews: the one that was named, or unasked that of the same known account; and under
// which version there was none, so that of several that come at once one stores and the others merge.

import { byCreation } from '../../domain/credential/rows.ts';
import { coversScopes } from '../../domain/oauth/scopes.ts';
import type { Account } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { isGrantOf, type OAuthRow, readUpgradeTarget } from './upgrade-target.ts';

export interface Merge {
  userId: string;
  client: OAuthClient;
  credentialId: string | null;
  /** The account's key, null when unknown. */
  accountId: string | null;
  scopes: readonly string[];
}

export interface MergeTarget {
  row?: OAuthRow;
  /** The user's version at which no credential was found to merge into. */
  noneAtVersion?: number;
}

/** An account's id is its own only within one tenant of the provider. */
export const accountKey = ({ id }: Account, variables: Record<string, string>): string =>
  Object.keys(variables).length === 0 ? id : JSON.stringify([id, ...Object.entries(variables).toSorted()]);

/** Throws `not_upgradable` (it changed since the start), `account_mismatch`. */
const namedTarget = async (deps: Pick<Deps, 'users'>, merge: Merge, credentialId: string): Promise<OAuthRow> => {
  const target = { userId: merge.userId, provider: merge.client.provider, credentialId };
  const row = await readUpgradeTarget(deps, target).catch((error) => {
    if (error instanceof ServiceError && error.code === 'credential_not_found')
      throw new ServiceError('not_upgradable');
    throw error;
  });
  const known = row.credential.accountId;
  if (merge.accountId !== null && known !== null && merge.accountId !== known)
    throw new ServiceError('account_mismatch');
  return row;
};

/** Only where no scope is lost; the earliest. */
const sameAccount = async (deps: Pick<Deps, 'users'>, merge: Merge): Promise<MergeTarget> => {
  const { head, rows } = await deps.users.readUser(merge.userId);
  const row = rows
    .toSorted(byCreation)
    .find(
      (candidate): candidate is OAuthRow =>
        candidate.readable &&
        isGrantOf(candidate, merge.client.provider) &&
        candidate.credential.accountId === merge.accountId &&
        coversScopes(merge.scopes, candidate.credential.scopes ?? []),
    );
  return row ? { row } : { noneAtVersion: head?.version ?? 0 };
};

/** A named credential whose scopes the grant does not cover is left alone. */
export const findMergeTarget = async (deps: Pick<Deps, 'users'>, merge: Merge): Promise<MergeTarget> => {
  if (merge.credentialId === null) return merge.accountId === null ? {} : sameAccount(deps, merge);
  const row = await namedTarget(deps, merge, merge.credentialId);
  return coversScopes(merge.scopes, row.credential.scopes ?? []) ? { row } : {};
};
