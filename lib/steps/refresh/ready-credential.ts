// A credential of the user's made ready: usable for what is asked, fresh enough or else renewed, opened, and its use noted.
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import { brokenReason } from '../../domain/credential/credential-view.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { coversScopes, missingScopes } from '../../domain/oauth/scopes.ts';
import { isFresh } from '../../domain/refresh/freshness.ts';
import { planRenewal, toDay } from '../../domain/refresh/schedule.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../credential/all-settled.ts';
import { openCredential } from '../credential/open-credential.ts';
import { freshGrant } from './fresh-grant.ts';
import type { RefreshDeps } from './prepare-refresh.ts';

/** What a call asks of the credential it is to have, through all its looks at the user. */
export interface Use {
  scopes: readonly string[];
  minTtlSeconds?: number | undefined;
  /** When the call has to have answered (epoch ms). */
  finishBy: number;
  /** The secrets that were found not fresh enough, by credential: another one, written since, is taken while it lives. */
  seen: Map<string, string>;
}

export interface ReadyCredential {
  credential: StoredCredential;
  secret: SecretDocument;
  /** The token lives, but not as long as was asked for. */
  stale: boolean;
}

const assertScopes = ({ type, scopes }: StoredCredential, wanted: readonly string[]): void => {
  if (type !== 'oauth2' || coversScopes(scopes ?? [], wanted)) return;
  const missing = missingScopes(scopes ?? [], wanted);
  throw new ServiceError('insufficient_scopes', { members: { missingScopes: missing } });
};

/** Throws what keeps this credential from serving the call. */
const assertUsable = (row: CredentialRow, scopes: readonly string[], now: number): StoredCredential => {
  if (!row.readable) throw new ServiceError('credential_unreadable');
  const { credential } = row;
  assertScopes(credential, scopes);
  const reason = brokenReason(credential, now);
  if (reason !== null) throw new ServiceError('reconnect_required', { members: { reason } });
  return credential;
};

const isFreshEnough = (
  credential: StoredCredential,
  { minTtlSeconds, seen }: Use,
  { limits, clock }: RefreshDeps,
): boolean => {
  const now = clock.now();
  if (credential.type !== 'oauth2' || isFresh(credential, minTtlSeconds ?? limits.refreshMinTtlSeconds, now))
    return true;
  const before = seen.get(credential.id);
  return before !== undefined && before !== credential.secretRev && !isExpired(credential.expiresAt, now);
};

/** A grant in use is renewed ahead of need by the sweep; that it is used is written down once a day. */
const noteUse = async (deps: RefreshDeps, credential: StoredCredential): Promise<void> => {
  const now = deps.clock.now();
  const usedDay = toDay(now);
  if (!credential.hasRefreshToken || credential.expiresAt === null || credential.usedDay === usedDay) return;
  const due = planRenewal({ ...credential, usedDay }, now, { ...deps.limits, fraction: deps.random.fraction() });
  const key = { userId: credential.userId, credentialId: credential.id };
  await deps.refreshes.noteUse(key, credential.secretRev, { usedDay, due });
};

const openUsed = async (deps: RefreshDeps, credential: StoredCredential): Promise<SecretDocument> => {
  const [secret] = await allSettledOrThrow([openCredential(deps, credential), noteUse(deps, credential)]);
  return secret;
};

/** The credential as it can be used now, and its secret; 'conflict' when it has to be looked at again. */
const freshened = async (deps: RefreshDeps, credential: StoredCredential, use: Use) => {
  if (isFreshEnough(credential, use, deps) || !credential.hasRefreshToken) return { credential };
  use.seen.set(credential.id, credential.secretRev);
  return freshGrant(deps, { credential, finishBy: use.finishBy, inUse: true });
};

/**
 * 'conflict' when the row has to be looked at again. Throws `reconnect_required` (with `reason`), `insufficient_scopes` (with
 * `missingScopes`), `credential_unreadable`, `refresh_unavailable`.
 */
export const readyCredential = async (
  deps: RefreshDeps,
  row: CredentialRow,
  use: Use,
): Promise<ReadyCredential | 'conflict'> => {
  const found = assertUsable(row, use.scopes, deps.clock.now());
  const fresh = await freshened(deps, found, use);
  if (fresh === 'conflict') return 'conflict';
  const { credential } = fresh;
  // A refresh may have left it with fewer scopes.
  assertScopes(credential, use.scopes);
  const secret = fresh.secret ?? (await openUsed(deps, credential));
  return { credential, secret, stale: !isFreshEnough(credential, use, deps) };
};
