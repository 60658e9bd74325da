// Prepares a user's credential for use: checks that it can serve the call, has its token refreshed if too little time is left,
// and opens it. A caller whose token is valid waits for no provider; one without a valid token refreshes it, or waits, bounded.
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import { brokenReason } from '../../domain/credential/credential-view.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { coversScopes, missingScopes } from '../../domain/oauth/scopes.ts';
import { isFresh } from '../../domain/refresh/freshness.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../credential/all-settled.ts';
import { openCredential } from '../credential/open-credential.ts';
import { type DispatchDeps, handOverRefresh } from './hand-over-refresh.ts';
import type { RefreshDeps, RefreshRequest } from './lease.ts';
import { noteUse } from './note-use.ts';
import { refreshOrWait } from './refresh-or-wait.ts';

/** What one call needs of its credential; shared by all its attempts. */
export interface UseRequest {
  scopes: readonly string[];
  minTtlSeconds?: number | undefined;
  /** When the call must have answered, by the clock's `elapsed`. */
  finishBy: number;
  /** secretRev by credential id of secrets found not fresh enough: a secret written since is accepted while it is valid. */
  seen: Map<string, string>;
}

/** A credential and its opened secret. */
export interface PreparedCredential {
  credential: StoredCredential;
  secret: SecretDocument;
  /** The token is valid, but for less time than requested. */
  stale: boolean;
}

/** The most specific error: of the store, the keys or the secrets, else `refresh_unavailable`. */
const toUnavailable = (cause?: unknown, retryAfterSeconds = 1): ServiceError =>
  cause instanceof ServiceError ? cause : new ServiceError('refresh_unavailable', { cause, retryAfterSeconds });

type FreshToken = Pick<PreparedCredential, 'credential'> & { secret?: SecretDocument };

/**
 * Refreshes the token; while it is valid the refresh is handed over, and the caller keeps its token. The result contains the
 * secret if it was refreshed here. 'conflict' when the row must be read again. Throws `reconnect_required`, `refresh_unavailable`, `credential_unreadable`,
 * `keys_unavailable`, `secrets_unavailable`, `store_busy`, `store_unavailable`.
 */
export const ensureFreshToken = async (
  deps: DispatchDeps,
  request: RefreshRequest,
): Promise<FreshToken | 'conflict'> => {
  const { credential } = request;
  const isValid = () => !isExpired(credential.expiresAt, deps.clock.now());
  if (isValid() && (await handOverRefresh(deps, request)) === 'conflict') return 'conflict';
  if (isValid()) return { credential };
  const result = await refreshOrWait(deps, request);
  if (result.kind === 'conflict') return 'conflict';
  if (result.kind === 'refreshed') return result;
  throw result.kind === 'failed' ? toUnavailable(result.cause, result.retryAfterSeconds) : toUnavailable();
};

const assertScopes = ({ type, scopes }: StoredCredential, wanted: readonly string[]): void => {
  if (type !== 'oauth2' || coversScopes(scopes ?? [], wanted)) return;
  const missing = missingScopes(scopes ?? [], wanted);
  throw new ServiceError('insufficient_scopes', { members: { missingScopes: missing } });
};

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
  { minTtlSeconds, seen }: UseRequest,
  { limits, clock }: RefreshDeps,
): boolean => {
  const now = clock.now();
  if (credential.type !== 'oauth2' || isFresh(credential, minTtlSeconds ?? limits.refreshMinTtlSeconds, now))
    return true;
  const before = seen.get(credential.id);
  return before !== undefined && before !== credential.secretRev && !isExpired(credential.expiresAt, now);
};

const openAndNoteUse = async (deps: RefreshDeps, credential: StoredCredential): Promise<SecretDocument> => {
  const [secret] = await allSettledOrThrow([openCredential(deps, credential), noteUse(deps, credential)]);
  return secret;
};

/**
 * Checks, refreshes if needed, and opens a credential. 'conflict' when the row must be read again. Throws
 * `reconnect_required` (with `reason`), `insufficient_scopes` (with `missingScopes`), and what `ensureFreshToken` throws.
 */
export const prepareForUse = async (
  deps: DispatchDeps,
  row: CredentialRow,
  use: UseRequest,
): Promise<PreparedCredential | 'conflict'> => {
  const found = assertUsable(row, use.scopes, deps.clock.now());
  let fresh: FreshToken | 'conflict' = { credential: found };
  if (!isFreshEnough(found, use, deps) && found.hasRefreshToken) {
    use.seen.set(found.id, found.secretRev);
    fresh = await ensureFreshToken(deps, { credential: found, finishBy: use.finishBy, inUse: true });
  }
  if (fresh === 'conflict') return 'conflict';
  const { credential } = fresh;
  // The provider may have granted fewer scopes with the refresh.
  assertScopes(credential, use.scopes);
  const secret = fresh.secret ?? (await openAndNoteUse(deps, credential));
  return { credential, secret, stale: !isFreshEnough(credential, use, deps) };
};
