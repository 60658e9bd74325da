// What becomes of a provider's reply. After a grant only the store is left, which is tried until the lease ends, and the
// result lands only in the place of the secret that was exchanged: the truth of now wins, and no living token is thrown away
// for a formality. After a failure nothing is held against the grant but what is known for good.
import { type OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { backOffMilliseconds } from '../../domain/refresh/lease.ts';
import { refreshedFields, refreshedLifetimes, refreshedScopes, refreshedSecret } from '../../domain/refresh/result.ts';
import { planRenewal, toDay } from '../../domain/refresh/schedule.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type Exchanged, endLease, endOf, type HeldLease, keyOf, type RefreshDeps } from './prepare-refresh.ts';
import { handOnToken } from './reconcile-lost-refresh.ts';

export type Refreshed =
  | { is: 'refreshed'; credential: StoredCredential; secret: OAuth2Secret }
  /** The secret is another now, or gone: look again. */
  | { is: 'conflict' }
  /** Somebody else is at it. */
  | { is: 'held' }
  /** Not now; nothing is known against the grant. */
  | { is: 'failed'; cause: unknown; retryAfterSeconds: number };

const STORE_PAUSE_MILLISECONDS = 200;

const nextCredential = (deps: RefreshDeps, { inUse }: HeldLease, { stored, grant, askedAt }: Exchanged) => {
  const now = deps.clock.now();
  const next = {
    ...stored,
    ...refreshedLifetimes(grant, stored, askedAt),
    scopes: refreshedScopes(grant, stored),
    hasRefreshToken: true,
    brokenReason: null,
    secretRev: deps.random.uuid(),
    tokenRev: null,
    usedDay: inUse ? toDay(now) : stored.usedDay,
    version: stored.version + 1,
  };
  const due = planRenewal(next, now, { ...deps.limits, fraction: deps.random.fraction() });
  return { ...next, dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null };
};

/** The row as it is with it; null: its place is taken; 'unsaved': the store did not take it in all the time there was. */
const keep = async (deps: RefreshDeps, holding: HeldLease, credential: StoredCredential) => {
  const fields = refreshedFields(credential);
  for (;;) {
    try {
      return await deps.refreshes.storeRefreshed(keyOf(credential), holding.credential.secretRev, fields);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (deps.clock.now() + STORE_PAUSE_MILLISECONDS >= endOf(holding)) return 'unsaved';
      await deps.sleep(STORE_PAUSE_MILLISECONDS);
    }
  }
};

const count = (deps: RefreshDeps, { known: { provider } }: HeldLease, outcome: string): void =>
  deps.meter.record('Refreshes', 1, { provider, outcome });

/** The caller gets the new token even if it could not be stored. */
export const settleGrant = async (deps: RefreshDeps, holding: HeldLease, exchanged: Exchanged): Promise<Refreshed> => {
  const secret = refreshedSecret(exchanged.grant, exchanged.secret);
  const next = nextCredential(deps, holding, exchanged);
  const credential = { ...next, sealed: await exchanged.seal.reseal(sealContext(next), secret) };
  const kept = await keep(deps, holding, credential);
  count(deps, holding, kept === null ? 'conflict' : kept === 'unsaved' ? kept : 'refreshed');
  if (kept === 'unsaved') return { is: 'refreshed', credential, secret };
  if (kept?.readable) return { is: 'refreshed', credential: kept.credential, secret };
  await handOnToken(deps, holding, { ...exchanged, came: secret });
  return { is: 'conflict' };
};

/** Dead for good: this secret is marked, unless it is another by now. Throws `reconnect_required`. */
const bury = async (deps: RefreshDeps, { credential, lease }: HeldLease): Promise<Refreshed> => {
  const refusal = lease.uncertain ? 'uncertain_refresh' : 'invalid_grant';
  const reason = await deps.refreshes.markReconnectRequired(keyOf(credential), credential.secretRev, refusal);
  if (reason === null) return { is: 'conflict' };
  throw new ServiceError('reconnect_required', { members: { reason } });
};

/** Leaves the provider alone for a while, in every process: the back-off takes the lease's place. */
const backOff = async (deps: RefreshDeps, holding: HeldLease, fault: ProviderFault): Promise<Refreshed> => {
  const failures = holding.lease.failures + 1;
  const pause = backOffMilliseconds(failures, fault.retryAfterSeconds, deps.random.fraction());
  await endLease(deps, holding, { until: deps.clock.now() + pause, failures });
  return { is: 'failed', cause: fault, retryAfterSeconds: Math.ceil(pause / 1000) };
};

/** Throws `reconnect_required`. */
export const settleFault = (deps: RefreshDeps, holding: HeldLease, fault: ProviderFault): Promise<Refreshed> => {
  count(deps, holding, fault.kind);
  if (fault.kind === 'client_fault') deps.meter.record('OperatorFaults', 1);
  return fault.kind === 'dead_grant' ? bury(deps, holding) : backOff(deps, holding, fault);
};
