// Handles a refresh that the provider did not grant. A grant is marked only when the provider says that it is dead, and not while it
// says so of all its grants; after any other fault, or then, it keeps its state and backs off.
import type { GrantServer } from '../../domain/mcp/grant-server.ts';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { backOffMilliseconds } from '../../domain/refresh/lease.ts';
import { loggedGroup, outcomeGroup } from '../../domain/refresh/outcome-group.ts';
import { countRefusal, isRefusedForGood, type RefusalRun, refusalWord } from '../../domain/refresh/refusal.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS, ISSUER_READ_MILLISECONDS } from '../../platform.ts';
import { judgeServerRefusal } from '../mcp/judge-refusal.ts';
import { getTimeLeft, type HeldLease, type RefreshDeps, releaseLease, toCredentialKey } from './lease.ts';
import { countRefresh, type RefreshResult, waitToRetry } from './store-result.ts';

/** A refusal: the fault, if one came, and what it means where no answer was lost before. */
interface Refusal {
  fault?: ProviderFault;
  reason: 'invalid_grant' | 'refused' | 'issuer_changed' | 'client_gone';
}

/** These are told by more than the answer to this refresh, so a lost answer before it explains nothing. */
const CERTAIN: ReadonlySet<Refusal['reason']> = new Set(['issuer_changed', 'client_gone']);

/** Marks reconnect_required unless secretRev changed. Throws `reconnect_required`. */
const markReconnectRequired = async (
  deps: RefreshDeps,
  { credential, lease }: HeldLease,
  { fault, reason: known }: Refusal,
): Promise<RefreshResult> => {
  const refusal = lease.uncertain && !CERTAIN.has(known) ? 'uncertain_refresh' : known;
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

/** Whether the operator can do anything about it: an MCP server is the user's choice, and its faults must not raise an alarm. */
const isOperators = ({ credential }: HeldLease, server: GrantServer | undefined): boolean =>
  credential.resource === null || server?.client === 'operator';

/** Whether this dead grant may be marked. The operator learns of it when the marking stops. */
const mayMark = (deps: RefreshDeps, held: HeldLease): boolean => {
  const { credential, sweptSince } = held;
  const grant = JSON.stringify([credential.userId, credential.id]);
  const decision = deps.outcomes.noteDead(outcomeGroup(credential), { grant, now: deps.clock.now(), sweptSince });
  if (decision === 'mark_and_stop') {
    if (isOperators(held, undefined)) deps.meter.record('OperatorFaults', 1);
    deps.log.warn('marking of dead grants stopped', { provider: loggedGroup(credential) });
  }
  return decision !== 'keep';
};

/** Marks a dead grant; while marking has stopped it backs off. Throws `reconnect_required`. */
const handleDead = (
  deps: RefreshDeps,
  held: HeldLease,
  refusal: Refusal & { fault: ProviderFault },
): Promise<RefreshResult> =>
  mayMark(deps, held)
    ? markReconnectRequired(deps, held, refusal)
    : backOff(deps, held, { fault: refusal.fault, refusal: held.lease.refusal });

const logFault = (deps: RefreshDeps, { credential }: HeldLease, fault: ProviderFault): void => {
  const { kind: outcome, status, providerError } = fault;
  const provider = loggedGroup(credential);
  if (status !== null) deps.log.info('refresh refused', { provider, outcome, status, providerError });
};

/**
 * The client that an MCP server's grant was issued to is kept no more. Nothing was sent. Where so many are missing at once, the table is
 * more likely at fault: marking stops as for any other reason. Throws `reconnect_required`.
 */
export const handleMissingClient = (deps: RefreshDeps, held: HeldLease): Promise<RefreshResult> =>
  handleDead(deps, held, { fault: new ProviderFault('client_fault'), reason: 'client_gone' });

/** What a refusal by an MCP server means, if there is time to ask; null: no more than at a provider. */
const judgeServer = async (deps: RefreshDeps, held: HeldLease, { fault, server, clientId = '' }: RefusedRefresh) => {
  const hasTime = getTimeLeft(deps, held) >= ISSUER_READ_MILLISECONDS + 2 * deps.budget.storeMilliseconds;
  return server && hasTime ? judgeServerRefusal(deps, { server, clientId, fault }) : null;
};

/** A refresh that was not granted; `server` and its `clientId`: of an MCP server's grant. */
export interface RefusedRefresh {
  fault: ProviderFault;
  server: GrantServer | undefined;
  clientId: string | undefined;
}

/**
 * A refused refresh token is marked, at once where the provider says that it is dead, else after a day of one and the same refusal.
 * A grant whose MCP server has moved to another issuer is marked whatever the old one says of others. Any other fault starts a
 * back-off. Throws `reconnect_required`.
 */
export const handleFault = async (
  deps: RefreshDeps,
  held: HeldLease,
  refused: RefusedRefresh,
): Promise<RefreshResult> => {
  const { fault, server } = refused;
  countRefresh(deps, held, fault.kind);
  logFault(deps, held, fault);
  const reason = await judgeServer(deps, held, refused);
  if (reason === 'issuer_changed') return markReconnectRequired(deps, held, { fault, reason });
  if (reason !== null) return handleDead(deps, held, { fault, reason });
  if (fault.kind === 'client_fault' && isOperators(held, server)) deps.meter.record('OperatorFaults', 1);
  if (fault.kind === 'dead_grant') return handleDead(deps, held, { fault, reason: 'invalid_grant' });
  const refusal = countRefusals(deps, held, fault);
  const servedAt = deps.outcomes.lastGrantedAt(outcomeGroup(held.credential));
  return findRefusalWord(fault) !== null && refusal && isRefusedForGood(refusal, deps.clock.now(), servedAt)
    ? handleDead(deps, held, { fault, reason: 'refused' })
    : backOff(deps, held, { fault, refusal });
};
