// Stores what a refresh brought. A new token is written only if secretRev is still the one that was exchanged, retried until the
// lease ends.
import { type OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { bindGrant } from '../../domain/oauth/grant-binding.ts';
import { backOffMilliseconds } from '../../domain/refresh/lease.ts';
import { outcomeGroup } from '../../domain/refresh/outcome-group.ts';
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
export const waitToRetry = async (deps: RefreshDeps, held: HeldLease): Promise<boolean> => {
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

/** Counts a refresh by its provider and outcome: all MCP servers as one, since users name them. */
export const countRefresh = (deps: RefreshDeps, { credential: { provider } }: HeldLease, outcome: string): void =>
  deps.meter.record('Refreshes', 1, { provider, outcome });

/**
 * Seals and stores the new token. The caller gets it even if the store never took it. On a conflict the lost refresh is
 * reconciled with the row. Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`.
 */
export const storeResult = async (deps: RefreshDeps, held: HeldLease, exchanged: Exchanged): Promise<RefreshResult> => {
  const secret = { ...refreshedSecret(exchanged.response, exchanged.secret), ...bindGrant(exchanged.client) };
  deps.outcomes.noteGranted(outcomeGroup(held.credential), deps.clock.now());
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
