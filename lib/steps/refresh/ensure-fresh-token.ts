// Prepares a user's credential for use: checks that it can serve the call, has its token refreshed if too little time is left,
// and opens it. A caller whose token is valid waits for no provider; one without a valid token refreshes it, or waits, bounded.
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import { brokenReason } from '../../domain/credential/credential-view.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { type ScopeRules, uncoveredScopes } from '../../domain/oauth/rules/scope-rules.ts';
import { isFresh } from '../../domain/refresh/freshness.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../credential/all-settled.ts';
import { openCredential } from '../credential/open-credential.ts';
import { type DispatchDeps, handOverRefresh } from './hand-over-refresh.ts';
import type { RefreshDeps, RefreshRequest } from './lease.ts';
import { noteUse } from './note-use.ts';
import { refreshOrWait, toUnavailable, type WaitDeps } from './refresh-or-wait.ts';
import { isReported, replaceRefusedToken } from './replace-refused-token.ts';

/** What one call needs of its credential; shared by all its attempts. */
export interface UseRequest {
  scopes: readonly string[];
  /** How the scopes of the credential's provider relate. */
  rules: ScopeRules;
  minTtlSeconds?: number | undefined;
  /** The `tokenRef` of a token that the API refused. */
  refusedTokenRef?: string | undefined;
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

type FreshToken = Pick<PreparedCredential, 'credential'> & { secret?: SecretDocument };

/** Refreshes the token here, or waits for the caller that does. As `ensureFreshToken`, with the same errors. */
export const renewToken = async (deps: WaitDeps, request: RefreshRequest): Promise<FreshToken | 'conflict'> => {
  const result = await refreshOrWait(deps, request);
  if (result.kind === 'conflict') return 'conflict';
  if (result.kind === 'refreshed') return result;
  throw toUnavailable(result);
};

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
  return renewToken(deps, request);
};

type WantedScopes = Pick<UseRequest, 'scopes' | 'rules'>;

const assertScopes = ({ type, scopes }: StoredCredential, wanted: WantedScopes): void => {
  const missing = type === 'oauth2' ? uncoveredScopes(wanted.rules, scopes ?? [], wanted.scopes) : [];
  if (missing.length > 0) throw new ServiceError('insufficient_scopes', { members: { missingScopes: missing } });
};

const assertUsable = (row: CredentialRow, wanted: WantedScopes, now: number): StoredCredential => {
  if (!row.readable) throw new ServiceError('credential_unreadable');
  const { credential } = row;
  assertScopes(credential, wanted);
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

/** The credential with a token to use; its secret if it was refreshed here. Throws what `ensureFreshToken` and `replaceRefusedToken` throw. */
const findFreshToken = async (
  deps: DispatchDeps,
  found: StoredCredential,
  use: UseRequest,
): Promise<FreshToken | 'conflict'> => {
  const isRefused = isReported(found, use.refusedTokenRef);
  if (!isRefused && (isFreshEnough(found, use, deps) || !found.hasRefreshToken)) return { credential: found };
  use.seen.set(found.id, found.secretRev);
  const request = { credential: found, finishBy: use.finishBy, inUse: true };
  return isRefused ? replaceRefusedToken(deps, request) : ensureFreshToken(deps, request);
};

/**
 * Checks, refreshes if needed, and opens a credential. 'conflict' when the row must be read again. Throws
 * `reconnect_required` (with `reason`), `insufficient_scopes` (with `missingScopes`), and what `findFreshToken` throws.
 */
export const prepareForUse = async (
  deps: DispatchDeps,
  row: CredentialRow,
  use: UseRequest,
): Promise<PreparedCredential | 'conflict'> => {
  const found = assertUsable(row, use, deps.clock.now());
  const fresh = await findFreshToken(deps, found, use);
  if (fresh === 'conflict') return 'conflict';
  const { credential } = fresh;
  // The provider may have granted fewer scopes with the refresh.
  assertScopes(credential, use);
  const secret = fresh.secret ?? (await openAndNoteUse(deps, credential));
  return { credential, secret, stale: !isFreshEnough(credential, use, deps) };
};
