// From a provider's grant to a stored credential: merged into the one it renews, or stored beside it. The write happens only
// if the user has not been erased since the flow began.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { SealableCredential } from '../../domain/credential/new-credential.ts';
import type { Account, TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { replaceRow } from '../credential/replace-row.ts';
import { sealCredential } from '../credential/seal-credential.ts';
import { retryOnConflict, writeUser } from '../credential/write-user.ts';
import { accountKey, findMergeTarget } from './merge-target.ts';

export interface TokenToSave {
  userId: string;
  /** The user's erasures when the flow began. */
  erasures: number;
  client: OAuthClient;
  grant: TokenResponse;
  asked: {
    scopes: readonly string[];
    credentialId: string | null;
    metadata: JsonObject | null;
    variables: Record<string, string>;
  };
}

export interface SavedToken {
  credential: StoredCredential;
  created: boolean;
}

type SaveDeps = Pick<Deps, 'users' | 'sealer' | 'oauth' | 'clock' | 'random' | 'sleep' | 'limits'>;

const after = (now: number, seconds: number | null): number | undefined =>
  seconds === null ? undefined : now + seconds * 1000;

/** Granted scopes are what the provider says; what was asked only when it says nothing. */
const credentialOf = (
  { client, grant, asked }: TokenToSave,
  account: Account | null,
  now: number,
): Extract<SealableCredential, { type: 'oauth2' }> => ({
  type: 'oauth2',
  provider: client.provider,
  accessToken: grant.accessToken,
  refreshToken: grant.refreshToken ?? undefined,
  accessTokenExpiresAt: after(now, grant.expiresInSeconds),
  refreshTokenExpiresAt: after(now, grant.refreshTokenExpiresInSeconds),
  scopes: [...(grant.scopes ?? asked.scopes)],
  username: account?.name ?? undefined,
  accountId: account === null ? undefined : accountKey(account, asked.variables),
  metadata: asked.metadata ?? undefined,
  variables: asked.variables,
});

interface Guarded {
  change: Change;
  expectedVersion?: number | undefined;
}

/** A version that moved on is a reason to look again, not to give up. */
const write = async (deps: SaveDeps, save: TokenToSave, { change, expectedVersion }: Guarded) => {
  try {
    return await writeUser(deps, save.userId, {
      token: deps.random.uuid(),
      expectedVersion,
      expectedErasures: save.erasures,
      maxCredentials: deps.limits.maxCredentialsPerUser,
      changes: [change],
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'version_conflict') return 'changed';
    throw error;
  }
};

interface Found {
  account: Account | null;
  now: number;
  /** Whether to store beside others only while none of the same account is there. */
  isGuarded: boolean;
}

const saveOnce = async (
  deps: SaveDeps,
  save: TokenToSave,
  { account, now, isGuarded }: Found,
): Promise<SavedToken | 'changed'> => {
  const { userId, client, asked } = save;
  const next = credentialOf(save, account, now);
  const merge = { userId, client, credentialId: asked.credentialId, accountId: next.accountId ?? null };
  const { row, noneAtVersion } = await findMergeTarget(deps, { ...merge, scopes: next.scopes });
  if (row) {
    const credential = await replaceRow(deps, row, { userId, id: row.credential.id, next });
    const outcome = await write(deps, save, { change: { kind: 'put', credential, when: row.rowVersion } });
    return outcome === 'written' ? { credential, created: false } : 'changed';
  }
  const incarnation = { userId, id: deps.random.uuid(), version: 1, createdAt: now, ordinal: 0, now };
  const credential = await sealCredential(deps, next, incarnation);
  const expectedVersion = isGuarded ? noneAtVersion : undefined;
  const outcome = await write(deps, save, { change: { kind: 'put', credential, when: 'absent' }, expectedVersion });
  return outcome === 'written' ? { credential, created: true } : 'changed';
};

/**
 * Stores a grant. Throws `not_upgradable`, `account_mismatch`, `credential_limit`, `user_erasing`, and `state_invalid` when
 * the user was erased since the flow began.
 */
export const saveToken = async (deps: SaveDeps, save: TokenToSave): Promise<SavedToken> => {
  const now = deps.clock.now();
  const account = save.grant.account ?? (await deps.oauth.identify(save.client, save.grant.accessToken));
  const attempt = (isGuarded: boolean) =>
    retryOnConflict(deps, () => saveOnce(deps, save, { account, now, isGuarded }));
  return attempt(true).catch((error) => {
    // The code is spent: rather a second credential of the account than a grant that nobody keeps.
    if (error instanceof ServiceError && error.code === 'store_busy') return attempt(false);
    throw error;
  });
};
