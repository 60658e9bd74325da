// Acts on the report that an API refused a token. Only a report of the secret that is stored now counts: the caller compares first,
// and every write is conditioned on that secretRev. Many reports of one token make one refresh, a report of an older one none.
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import { storedTokenRef } from '../../domain/credential/token-ref.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openCredential } from '../credential/open-credential.ts';
import { isIssuerChanged } from '../mcp/judge-refusal.ts';
import { type RefreshDeps, type RefreshRequest, toCredentialKey } from './lease.ts';
import { refreshOrWait, toUnavailable, type WaitDeps } from './refresh-or-wait.ts';

/** Whether a report names the token that the credential holds now. */
export const isReported = (credential: StoredCredential, refusedTokenRef: string | undefined): boolean =>
  refusedTokenRef !== undefined && refusedTokenRef === storedTokenRef(credential);

/** What the refusal of a token that cannot be refreshed means. The issuer of an MCP server's grant is sealed with it. */
const findReason = async (deps: RefreshDeps, credential: StoredCredential): Promise<'refused' | 'issuer_changed'> => {
  const secret = credential.resource === null ? null : await openCredential(deps, credential);
  const server = secret && 'accessToken' in secret ? secret.server : undefined;
  return server && (await isIssuerChanged(deps, server)) ? 'issuer_changed' : 'refused';
};

/** Marks a secret that cannot be refreshed, unless it was replaced meanwhile. Throws `reconnect_required`. */
const markRefused = async (deps: RefreshDeps, credential: StoredCredential): Promise<'conflict'> => {
  const key = toCredentialKey(credential);
  const found = await findReason(deps, credential);
  const reason = await deps.refreshes.markReconnectRequired(key, credential.secretRev, found);
  if (reason === null) return 'conflict';
  throw new ServiceError('reconnect_required', { members: { reason } });
};

/**
 * Refreshes a token that its API refused, whatever the clock says. 'conflict' when the row must be read again, also after the
 * provider answered the same token once more: its back-off then applies. Throws `reconnect_required` (`refused` or `issuer_changed` when there is
 * nothing to refresh), `refresh_unavailable` (with Retry-After) during a back-off, and what `refreshOrWait` throws.
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
