// Asks a provider whether a credential works: one that is not stored, or a stored one. Nothing is stored, but a token that has
// expired is refreshed. What cannot be found out is `unknown`.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import { brokenReason } from '../../domain/credential/credential-view.ts';
import { type NewCredential, publicData, secretDocument } from '../../domain/credential/new-credential.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type CheckReply, UNKNOWN_REPLY } from '../../domain/ports/provider-api.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { assertVariables } from '../../steps/credential/check-variables.ts';
import { openCredential } from '../../steps/credential/open-credential.ts';
import { type SecretToVerify, type VerifyDeps, verifySecret } from '../../steps/credential/verify-secret.ts';
import { renewToken } from '../../steps/refresh/ensure-fresh-token.ts';
import type { WaitDeps } from '../../steps/refresh/refresh-or-wait.ts';

/** Identifies a stored credential. */
export interface CheckStoredCredential {
  userId: string;
  id: string;
}

/** The ports of the check of a credential that is not stored. */
export type CheckDeps = VerifyDeps & Pick<Deps, 'templates'>;

/** The ports of the check of a stored credential. */
export type CheckStoredDeps = VerifyDeps & WaitDeps;

/** Each attempt may meet another change of the row. */
const MAX_ATTEMPTS = 5;

/** Checks a credential without storing it. Throws `invalid_request` (a variable), `secrets_unavailable`. */
export const checkCredential = async (
  deps: CheckDeps,
  { credential }: { credential: NewCredential },
): Promise<CheckReply> => {
  await assertVariables(deps, credential);
  const { provider, type } = credential;
  const host = credential.type === 'host_scoped' ? credential.host : null;
  const data = publicData(credential) ?? {};
  return verifySecret(deps, { provider, type, host, data, secret: secretDocument(credential) });
};

const assertUsable = (row: CredentialRow | null, now: number): StoredCredential => {
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable) throw new ServiceError('credential_unreadable');
  const reason = brokenReason(row.credential, now);
  if (reason !== null) throw new ServiceError('reconnect_required', { members: { reason } });
  return row.credential;
};

/** A token that is still valid is checked as it is. 'conflict' when the row must be read again. */
const openForCheck = async (
  deps: CheckStoredDeps,
  { userId, id }: CheckStoredCredential,
  finishBy: number,
): Promise<SecretToVerify | 'conflict'> => {
  const now = deps.clock.now();
  const credential = assertUsable(await deps.users.readCredential(userId, id), now);
  const { provider, type, host } = credential;
  const isUsable = credential.type !== 'oauth2' || !isExpired(credential.expiresAt, now);
  const fresh = isUsable ? { credential } : await renewToken(deps, { credential, finishBy, inUse: true });
  if (fresh === 'conflict') return 'conflict';
  const refreshed = 'secret' in fresh ? fresh.secret : undefined;
  const data = fresh.credential.data ?? {};
  return { provider, type, host, data, secret: refreshed ?? (await openCredential(deps, fresh.credential)) };
};

const openOrRetry = async (deps: CheckStoredDeps, request: CheckStoredCredential): Promise<SecretToVerify> => {
  const finishBy = deps.clock.elapsed() + deps.budget.answerMilliseconds;
  for (let attempts = 0; attempts < MAX_ATTEMPTS && deps.clock.elapsed() < finishBy; attempts++) {
    const opened = await openForCheck(deps, request, finishBy);
    if (opened !== 'conflict') return opened;
  }
  throw new ServiceError('refresh_unavailable');
};

/**
 * Checks what is stored. Throws `credential_not_found`, `reconnect_required` (with `reason`), `credential_unreadable`,
 * `keys_unavailable`, `secrets_unavailable`, `store_busy`, `store_unavailable`.
 */
export const checkStoredCredential = async (
  deps: CheckStoredDeps,
  request: CheckStoredCredential,
): Promise<CheckReply> => {
  try {
    return await verifySecret(deps, await openOrRetry(deps, request));
  } catch (error) {
    // The provider could not be asked for a new token: that says nothing about the grant.
    if (error instanceof ServiceError && error.code === 'refresh_unavailable') return UNKNOWN_REPLY;
    throw error;
  }
};
