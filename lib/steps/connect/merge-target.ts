// Finds the stored credential that new tokens replace: the one the caller named, or the one of the same account. If there is
// none, the user's version says so: of several connections at the same time one adds a credential, the others merge into it.
import { brokenReason } from '../../domain/credential/credential-view.ts';
import { byCreation, rowId, type SummaryRow } from '../../domain/credential/rows.ts';
import { coversScopes } from '../../domain/oauth/rules/scope-rules.ts';
import type { Account } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { isOAuthRow, type OAuthRow, readUpgradeTarget } from './upgrade-target.ts';

/** The new tokens' client, account and scopes, and the credential the caller named, if any. */
export interface Merge {
  userId: string;
  client: OAuthClient;
  credentialId: string | null;
  /** The account's key (`accountKey`); null: unknown. */
  accountId: string | null;
  scopes: readonly string[];
  /** Whether a credential may be stored beside the named one. */
  mayAdd: boolean;
  /** When the tokens came (epoch milliseconds). */
  now: number;
}

/** The row to replace; or none, and then nothing or the version at which there was none. */
export interface MergeTarget {
  row?: OAuthRow;
  /** The user's version at which no credential of the account existed. Absent when a second one may be added. */
  noneAtVersion?: number;
}

/** Names an account. Its id is unique only within one tenant, so the template variables are part of the key. */
export const accountKey = ({ id }: Account, variables: Record<string, string>): string =>
  Object.keys(variables).length === 0 ? id : JSON.stringify([id, ...Object.entries(variables).toSorted()]);

/** What the tokens are of. An MCP server tells no account, so its tokens merge only into the credential that was named. */
const connected = ({ client: { provider, profile } }: Merge) => ({ provider, resource: profile.resource });

/** Throws `not_upgradable` (it was deleted or replaced since the flow started), `account_mismatch`. */
const findNamed = async (deps: Pick<Deps, 'users'>, merge: Merge, credentialId: string): Promise<OAuthRow> => {
  const target = { userId: merge.userId, ...connected(merge), credentialId };
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

/** Whether it is of the account, and the new tokens cover its scopes: a merge never loses a scope. */
const isSameAccount = (row: SummaryRow, { client, accountId, scopes }: Merge): boolean =>
  row.readable &&
  row.credential.type === 'oauth2' &&
  row.credential.provider === client.provider &&
  row.credential.accountId === accountId &&
  coversScopes(client.profile, scopes, row.credential.scopes ?? []);

/**
 * The earliest credential of the account. The version is read first and the row last: if a row that the index shows has changed
 * when it is read, so has the version, and nothing can be added at the old one.
 */
const findSameAccount = async ({ users }: Pick<Deps, 'users'>, merge: Merge): Promise<MergeTarget> => {
  const userRecord = await users.readUserRecord(merge.userId);
  const { provider } = merge.client;
  const rows = await users.readSummaries(merge.userId, { kind: 'provider', provider });
  const candidates = rows.filter((row) => isSameAccount(row, merge)).toSorted(byCreation);
  for (const candidate of candidates) {
    const row = await users.readCredential(merge.userId, rowId(candidate));
    if (row?.readable && isOAuthRow(row, connected(merge)) && isSameAccount(row, merge)) return { row };
  }
  return { noneAtVersion: userRecord?.version ?? 0 };
};

/** Scopes are only lost with a credential that works no more. */
const isReplaced = ({ credential }: OAuthRow, { client, scopes, now }: Merge): boolean =>
  brokenReason(credential, now) !== null || coversScopes(client.profile, scopes, credential.scopes ?? []);

/**
 * The credential that the new tokens replace. A named one that works, and whose scopes they do not cover, is not replaced: the
 * tokens are stored beside it, if they may. Throws `not_upgradable`, `account_mismatch`.
 */
export const findMergeTarget = async (deps: Pick<Deps, 'users'>, merge: Merge): Promise<MergeTarget> => {
  if (merge.credentialId === null) return merge.accountId === null ? {} : findSameAccount(deps, merge);
  const row = await findNamed(deps, merge, merge.credentialId);
  if (isReplaced(row, merge)) return { row };
  if (!merge.mayAdd) throw new ServiceError('not_upgradable');
  return {};
};
