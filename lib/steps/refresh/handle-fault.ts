// Handles a refresh that the provider did not grant. A grant is marked only when the provider says that it is dead, and not while it
// says so of all its grants; after any other fault, or then, it keeps its state and backs off.
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { backOffMilliseconds } from '../../domain/refresh/lease.ts';
import { countRefusal, isRefusedForGood, type RefusalRun, refusalWord } from '../../domain/refresh/refusal.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../platform.ts';
import { type HeldLease, type RefreshDeps, releaseLease, toCredentialKey } from './lease.ts';
import { countRefresh, type RefreshResult, waitToRetry } from './store-result.ts';

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

/** Whether this dead grant may be marked. The operator learns of it when the marking stops. */
const mayMark = (deps: RefreshDeps, { known: { provider }, credential, sweptSince }: HeldLease): boolean => {
  const grant = JSON.stringify([credential.userId, credential.id]);
  const decision = deps.outcomes.noteDead(provider, { grant, now: deps.clock.now(), sweptSince });
  if (decision === 'mark_and_stop') {
    deps.meter.record('OperatorFaults', 1);
    deps.log.warn('marking of dead grants stopped', { provider });
  }
  return decision !== 'keep';
};

/** Marks a dead grant; while marking has stopped it backs off. Throws `reconnect_required`. */
const handleDead = (deps: RefreshDeps, held: HeldLease, refusal: Refusal): Promise<RefreshResult> =>
  mayMark(deps, held)
    ? markReconnectRequired(deps, held, refusal)
    : backOff(deps, held, { fault: refusal.fault, refusal: held.lease.refusal });

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
  if (fault.kind === 'dead_grant') return handleDead(deps, held, { fault, reason: 'invalid_grant' });
  const refusal = countRefusals(deps, held, fault);
  const servedAt = deps.outcomes.lastGrantedAt(held.known.provider);
  return findRefusalWord(fault) !== null && refusal && isRefusedForGood(refusal, deps.clock.now(), servedAt)
    ? handleDead(deps, held, { fault, reason: 'refused' })
    : backOff(deps, held, { fault, refusal });
};
