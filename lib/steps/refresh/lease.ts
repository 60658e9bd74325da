// Acquires and releases the lease under which one caller refreshes a token. The lease only avoids duplicate calls to the
// provider; correctness comes from the secretRev condition of every write.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { CredentialKey } from '../../domain/ports/credential-refresh-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { fitsBefore } from '../../domain/refresh/budget.ts';
import {
  isLeaseKnown,
  isPausePending,
  keptRefusal,
  type LeaseState,
  leaseState,
  leaseTtlSeconds,
  type RefreshLease,
  refreshTokenRev,
} from '../../domain/refresh/lease.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../platform.ts';
import type { IssuerReaderDeps } from '../mcp/judge-refusal.ts';

/** The ports and limits that a refresh needs. */
export type RefreshDeps = Pick<
  Deps,
  | 'users'
  | 'refreshes'
  | 'sealer'
  | 'providers'
  | 'issuers'
  | 'oauth'
  | 'clock'
  | 'random'
  | 'sleep'
  | 'limits'
  | 'budget'
  | 'meter'
  | 'log'
  | 'outcomes'
> &
  IssuerReaderDeps;

/** One credential to refresh, as the caller read it. */
export interface RefreshRequest {
  credential: StoredCredential;
  /** When the operation must have answered, by the clock's `elapsed`. */
  finishBy: number;
  /** Whether a caller needs the token now; false in the sweep. Decides whether the refresh counts as a use. */
  inUse: boolean;
  /** The API refused the access token of this very secret: it is refreshed as if it had expired. */
  isRefused?: boolean;
  /** When the sweep began that refreshes it (epoch milliseconds); absent for a caller's refresh. */
  sweptSince?: number;
}

/** A refresh request whose lease this caller holds. */
export interface HeldLease extends RefreshRequest {
  lease: RefreshLease & { nextRev: string };
  /** The provider's record; null: all that the refresh needs is sealed with the grant. */
  known: KnownProvider | null;
}

/** The result of trying to acquire the lease. */
export type LeaseAttempt =
  | { kind: 'acquired'; held: HeldLease }
  /** The row has another secret than the caller read: read it again. */
  | { kind: 'conflict' }
  /** Another caller is refreshing. */
  | { kind: 'held' }
  /** Backing off, or the refresh token may be spent while the access token is still valid. */
  | { kind: 'unavailable'; retryAfterSeconds: number };

/** The key of a credential in the refresh store. */
export const toCredentialKey = ({ userId, id }: StoredCredential): CredentialKey => ({ userId, credentialId: id });

/**
 * How long the work under a lease may still take (milliseconds): the lease's end by the table's clock, which this process knows to
 * within CLOCK_ERROR_MILLISECONDS, and the end of its own operation.
 */
export const getTimeLeft = ({ clock }: Pick<RefreshDeps, 'clock'>, { lease, finishBy }: HeldLease): number =>
  Math.min(lease.until - CLOCK_ERROR_MILLISECONDS - clock.now(), finishBy - clock.elapsed());

/** Whether a call to the provider and its write still fit under the lease. */
export const hasTime = (deps: Pick<RefreshDeps, 'budget' | 'clock'>, held: HeldLease): boolean =>
  fitsBefore(deps.budget, 0, getTimeLeft(deps, held));

/**
 * Whether the row has another secret by now, is gone, or is marked as not refreshable. Throws `store_busy`,
 * `store_unavailable`.
 */
export const isChanged = async (
  { refreshes }: Pick<RefreshDeps, 'refreshes'>,
  credential: StoredCredential,
): Promise<boolean> => (await refreshes.readSecretRev(toCredentialKey(credential))) !== credential.secretRev;

const newLease = (
  deps: RefreshDeps,
  credential: StoredCredential,
  given: Pick<RefreshLease, 'rotates' | 'uncertain' | 'failures' | 'refusal'>,
): HeldLease['lease'] => ({
  id: deps.random.uuid(),
  tokenRev: refreshTokenRev(credential),
  nextRev: deps.random.uuid(),
  until: deps.clock.now() + deps.budget.leaseMilliseconds + CLOCK_ERROR_MILLISECONDS,
  held: true,
  ...given,
});

/** A lease as it was read, and what it meant then (epoch milliseconds). */
interface SeenLease {
  from: RefreshLease | null;
  state: LeaseState;
  now: number;
}

/** A refused access token is worth as little as an expired one. */
const toExchangeable = ({ credential, isRefused }: RefreshRequest): StoredCredential =>
  isRefused ? { ...credential, expiresAt: 0 } : credential;

/** Reads the lease; null when the row has another secret than the caller read. Throws `store_busy`, `store_unavailable`. */
export const readLeaseState = async (
  deps: Pick<RefreshDeps, 'refreshes' | 'clock'>,
  credential: StoredCredential,
): Promise<SeenLease | null> => {
  const from = await deps.refreshes.readLease(toCredentialKey(credential));
  // A lease on an unknown token may be on a newer one than the caller read: it must not be replaced.
  if (from !== null && !isLeaseKnown(from, credential) && (await isChanged(deps, credential))) return null;
  const now = deps.clock.now();
  return { from, state: leaseState(from, credential, now), now };
};

/** Takes the lease if it is free. Throws `store_busy`, `store_unavailable`. */
export const acquireLease = async (
  deps: RefreshDeps,
  request: RefreshRequest,
  known: KnownProvider | null,
): Promise<LeaseAttempt> => {
  const { credential } = request;
  const key = toCredentialKey(credential);
  const seen = await readLeaseState(deps, toExchangeable(request));
  if (seen === null) return { kind: 'conflict' };
  const { from, state, now } = seen;
  if (state.kind === 'held') return { kind: 'held' };
  if (request.isRefused && isPausePending(from, credential, now)) return { kind: 'held' };
  if (state.kind === 'in_doubt') return { kind: 'unavailable', retryAfterSeconds: 1 };
  if (state.kind === 'backing_off')
    return { kind: 'unavailable', retryAfterSeconds: Math.ceil((state.until - now) / 1000) };
  const { uncertain, failures } = state;
  // There is no record of an MCP server: it may rotate.
  const rotates = known?.profile.rotatesRefreshTokens ?? true;
  const lease = newLease(deps, credential, { rotates, uncertain, failures, ...keptRefusal(from, credential) });
  const swap = { from, to: lease, ttlSeconds: leaseTtlSeconds(lease, credential.expiresAt) };
  if (!(await deps.refreshes.swapLease(key, swap))) return { kind: 'held' };
  return { kind: 'acquired', held: { ...request, lease, known } };
};

/**
 * Releases the lease, keeping `failures` and `uncertain`. By default others may refresh at once; `backOff` makes them wait
 * until a moment, and may say that the token was possibly spent. False when the store fails: then the lease expires later instead.
 */
export const releaseLease = async (
  deps: RefreshDeps,
  { credential, lease }: HeldLease,
  backOff?: Pick<RefreshLease, 'until' | 'failures' | 'uncertain' | 'refusal'> & { tokenRev?: string },
): Promise<boolean> => {
  // 0: free at once by every clock.
  const after = backOff ?? { until: 0 };
  const to = { ...lease, ...after, id: deps.random.uuid(), held: false };
  const until = Math.max(lease.until, to.until);
  const swap = { from: lease, to, ttlSeconds: leaseTtlSeconds({ until }, credential.expiresAt) };
  return deps.refreshes.swapLease(toCredentialKey(credential), swap).then(
    () => true,
    (error) => {
      if (error instanceof ServiceError) return false;
      throw error;
    },
  );
};
