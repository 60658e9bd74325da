// Acts on the report that an API refused a token. Only a report of the secret that is stored now counts: the caller compares first,
// and every write is conditioned on that secretRev. Many reports of one token make one refresh, a report of an older one none.
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import { storedTokenRef } from '../../domain/credential/token-ref.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type RefreshDeps, type RefreshRequest, toCredentialKey } from './lease.ts';
import { refreshOrWait, toUnavailable, type WaitDeps } from './refresh-or-wait.ts';

/** Whether a report names the token that the credential holds now. */
export const isReported = (credential: StoredCredential, refusedTokenRef: string | undefined): boolean =>
  refusedTokenRef !== undefined && refusedTokenRef === storedTokenRef(credential);

/** Marks a secret that cannot be refreshed, unless it was replaced meanwhile. Throws `reconnect_required` (`refused`). */
const markRefused = async (deps: RefreshDeps, credential: StoredCredential): Promise<'conflict'> => {
  const key = toCredentialKey(credential);
  const reason = await deps.refreshes.markReconnectRequired(key, credential.secretRev, 'refused');
  if (reason === null) return 'conflict';
  throw new ServiceError('reconnect_required', { members: { reason } });
};

/**
 * Refreshes a token that its API refused, whatever the clock says. 'conflict' when the row must be read again, also after the
 * provider answered the same token once more: its back-off then applies. Throws `reconnect_required` (`refused` when there is nothing
 * to refresh), `refresh_unavailable` (with Retry-After) during a back-off, and what `refreshOrWait` throws.
 */
export const replaceRefusedToken = async (
  deps: WaitDeps,
  request: RefreshRequest,
): Promise<{ credential: StoredCredential; secret: SecretDocument } | 'conflict'> => {
  const { credential } = request;
  if (!credential.hasRefreshToken) return markRefused(deps, credential);
  const result = await refreshOrWait(deps, { ...request, isRefused: true });
  if (result.kind === 'conflict') return 'conflict';
  if (result.kind !== 'refreshed') throw toUnavailable(result);
  return isReported(result.credential, storedTokenRef(credential)) ? 'conflict' : result;
};
