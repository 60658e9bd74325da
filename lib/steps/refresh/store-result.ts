// Stores what a refresh brought, or handles its failure. A new token is written only if secretRev is still the one that was
// exchanged, retried until the lease ends. A transient failure marks nothing.
import { type OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { backOffMilliseconds } from '../../domain/refresh/lease.ts';
import { countRefusal, isRefusedForGood, type RefusalRun, refusalWord } from '../../domain/refresh/refusal.ts';
import {
  refreshedAccessRev,
  refreshedData,
  refreshedFields,
  refreshedLifetimes,
  refreshedScopes,
  refreshedSecret,
} from '../../domain/refresh/result.ts';
import { planRenewal, toDay } from '../../domain/refresh/schedule.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../platform.ts';
import type { Exchanged } from './exchange.ts';
import { getTimeLeft, type HeldLease, type RefreshDeps, releaseLease, toCredentialKey } from './lease.ts';
import { reconcileLostRefresh } from './reconcile-lost-refresh.ts';

/** The result of one attempt to refresh. */
export type RefreshResult =
  | { kind: 'refreshed'; credential: StoredCredential; secret: OAuth2Secret }
  /** The row has another secret, or is gone: read it again. */
  | { kind: 'conflict' }
  /** Another caller is refreshing. */
  | { kind: 'held' }
  /** Not possible now; the credential is not marked. */
  | { kind: 'failed'; cause: unknown; retryAfterSeconds: number };

const STORE_PAUSE_MILLISECONDS = 200;

const buildNext = (deps: RefreshDeps, { inUse, lease }: HeldLease, exchanged: Exchanged) => {
  const { stored, secret, response, requestedAt } = exchanged;
  const now = deps.clock.now();
  const next = {
    ...stored,
    ...refreshedLifetimes(response, stored, requestedAt),
    scopes: refreshedScopes(response, stored),
    data: refreshedData(response, stored),
    hasRefreshToken: true,
    brokenReason: null,
    secretRev: lease.nextRev,
    tokenRev: null,
    accessRev: refreshedAccessRev(response, stored, secret),
    usedDay: inUse ? toDay(now) : stored.usedDay,
    version: stored.version + 1,
  };
  const renewal = planRenewal(next, now, { ...deps.limits, fraction: deps.random.fraction() });
  return { ...next, dueShard: renewal?.dueShard ?? null, dueAt: renewal?.dueAt ?? null };
};

type StoreOutcome = { kind: 'stored'; row: CredentialRow } | { kind: 'conflict' } | { kind: 'unsaved' };

/** Waits for the next attempt of a write; false when the lease ends before it. */
const waitToRetry = async (deps: RefreshDeps, held: HeldLease): Promise<boolean> => {
  if (getTimeLeft(deps, held) <= STORE_PAUSE_MILLISECONDS) return false;
  await deps.sleep(STORE_PAUSE_MILLISECONDS);
  return true;
};

/** Writes until the store takes it or the lease ends (`unsaved`). */
const storeWithRetry = async (
  deps: RefreshDeps,
  held: HeldLease,
  credential: StoredCredential,
): Promise<StoreOutcome> => {
  const fields = refreshedFields(credential);
  for (;;) {
    try {
      const key = toCredentialKey(credential);
      const row = await deps.refreshes.storeRefreshed(key, held.credential.secretRev, fields);
      return row === null ? { kind: 'conflict' } : { kind: 'stored', row };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (!(await waitToRetry(deps, held))) return { kind: 'unsaved' };
    }
  }
};

const countRefresh = (deps: RefreshDeps, { known: { provider } }: HeldLease, outcome: string): void =>
  deps.meter.record('Refreshes', 1, { provider, outcome });

/**
 * Seals and stores the new token. The caller gets it even if the store never took it. On a conflict the lost refresh is
 * reconciled with the row. Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`.
 */
export const storeResult = async (deps: RefreshDeps, held: HeldLease, exchanged: Exchanged): Promise<RefreshResult> => {
  const secret = refreshedSecret(exchanged.response, exchanged.secret);
  deps.served.note(held.known.provider, deps.clock.now());
  const next = buildNext(deps, held, exchanged);
  const credential = { ...next, ...(await exchanged.seal.reseal(sealContext(next), secret)) };
  const outcome = await storeWithRetry(deps, held, credential);
  countRefresh(deps, held, outcome.kind === 'stored' ? 'refreshed' : outcome.kind);
  if (outcome.kind === 'unsaved') return { kind: 'refreshed', credential, secret };
  if (outcome.kind === 'stored' && held.isRefused && next.accessRev !== null) await pauseReports(deps, held);
  if (outcome.kind === 'stored' && outcome.row.readable)
    return { kind: 'refreshed', credential: outcome.row.credential, secret };
  await reconcileLostRefresh(deps, held, exchanged);
  return { kind: 'conflict' };
};

/**
 * The provider answered the same access token to a forced refresh: the next report of it waits, as after a failure. The back-off is
 * about the refresh token that is stored now.
 */
const pauseReports = async (deps: RefreshDeps, held: HeldLease): Promise<void> => {
  const { nextRev: tokenRev, failures: before } = held.lease;
  const failures = before + 1;
  const until = deps.clock.now() + backOffMilliseconds(failures, null, deps.random.fraction());
  await releaseLease(deps, held, { until, failures, uncertain: false, tokenRev });
};

/** A refusal: the fault, and what it means where no answer was lost before. */
interface Refusal {
  fault: ProviderFault;
  reason: 'invalid_grant' | 'refused';
}

/** Marks reconnect_required unless secretRev changed. Throws `reconnect_required`. */
const markReconnectRequired = async (
  deps: RefreshDeps,
  { credential, lease }: HeldLease,
  { fault, reason: known }: Refusal,
): Promise<RefreshResult> => {
  const refusal = lease.uncertain ? 'uncertain_refresh' : known;
  const { secretRev } = credential;
  const reason = await deps.refreshes.markReconnectRequired(toCredentialKey(credential), secretRev, refusal);
  if (reason === null) return { kind: 'conflict' };
  throw new ServiceError('reconnect_required', { members: { reason }, cause: fault });
};

/** A known word for overload is no refusal, whatever its status. */
const findRefusalWord = ({ kind, providerCode, status, providerError }: ProviderFault): string | null =>
  kind === 'transient' && providerCode !== null ? null : refusalWord(status, providerError);

/** The refusals of this token in a row, this one included; undefined: there are none. */
const countRefusals = (deps: RefreshDeps, { lease }: HeldLease, fault: ProviderFault): RefusalRun | undefined => {
  const word = findRefusalWord(fault);
  return word === null ? lease.refusal : countRefusal(lease.refusal, word, deps.clock.now());
};

/**
 * How long an earlier call may still be under way at the provider. It has no known end, so it gets its own time limit again, by
 * this clock and by the next caller's. A token that does not rotate may be sent twice.
 */
const underWayMilliseconds = ({ budget }: RefreshDeps, { lease }: HeldLease, { lostAnswer }: ProviderFault): number =>
  lease.rotates && lostAnswer === 'timed_out' ? budget.exchangeMilliseconds + 2 * CLOCK_ERROR_MILLISECONDS : 0;

/**
 * Replaces the lease by a back-off, which every process respects. A lost answer may have been a grant. While a call may still be
 * under way the back-off must be stored, because it is longer than the lease: the write is repeated until the lease ends.
 */
const backOff = async (
  deps: RefreshDeps,
  held: HeldLease,
  { fault, refusal }: { fault: ProviderFault; refusal: RefusalRun | undefined },
): Promise<RefreshResult> => {
  const failures = held.lease.failures + 1;
  const least = backOffMilliseconds(failures, fault.retryAfterSeconds, deps.random.fraction());
  const underWay = underWayMilliseconds(deps, held, fault);
  const pause = Math.max(least, underWay);
  const uncertain = held.lease.uncertain || (held.lease.rotates && fault.lostAnswer !== null);
  const next = { until: deps.clock.now() + pause, failures, uncertain, ...(refusal && { refusal }) };
  while (!(await releaseLease(deps, held, next)) && underWay > 0 && (await waitToRetry(deps, held)));
  return { kind: 'failed', cause: fault, retryAfterSeconds: Math.ceil(pause / 1000) };
};

const logFault = (deps: RefreshDeps, { known: { provider } }: HeldLease, fault: ProviderFault): void => {
  const { kind: outcome, status, providerError } = fault;
  if (status !== null) deps.log.info('refresh refused', { provider, outcome, status, providerError });
};

/**
 * A refused refresh token is marked, at once where the provider says that it is dead, else after a day of one and the same refusal.
 * Any other fault starts a back-off. Throws `reconnect_required`.
 */
export const handleFault = (deps: RefreshDeps, held: HeldLease, fault: ProviderFault): Promise<RefreshResult> => {
  countRefresh(deps, held, fault.kind);
  logFault(deps, held, fault);
  if (fault.kind === 'client_fault') deps.meter.record('OperatorFaults', 1);
  if (fault.kind === 'dead_grant') return markReconnectRequired(deps, held, { fault, reason: 'invalid_grant' });
  const refusal = countRefusals(deps, held, fault);
  const servedAt = deps.served.lastServedAt(held.known.provider);
  return findRefusalWord(fault) !== null && refusal && isRefusedForGood(refusal, deps.clock.now(), servedAt)
    ? markReconnectRequired(deps, held, { fault, reason: 'refused' })
    : backOff(deps, held, { fault, refusal });
};
