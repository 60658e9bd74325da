// Renews one grant that the sweep's index names. The index says where to look, the row what is true. A grant that cannot be
// renewed now gets a later place in the index, so that the sweep reaches the others.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { DueCredential } from '../../domain/ports/credential-refresh-store.ts';
import { fitsBefore } from '../../domain/refresh/budget.ts';
import { pauseGroups } from '../../domain/refresh/outcome-group.ts';
import { isPaused, noteSign, type ProviderFaults } from '../../domain/refresh/provider-pause.ts';
import { planRenewal, type Renewal } from '../../domain/refresh/schedule.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { RefreshDeps } from './lease.ts';
import { type Attempt, type GrantOutcome, tryRefresh } from './try-refresh.ts';

/** An entry of the index, and the shard it was found in. */
export interface DueEntry extends DueCredential {
  dueShard: string;
}

/** What the runs of one sweep share. */
export interface Sweep {
  /** When it began (epoch milliseconds). */
  sweptSince: number;
  faults: ProviderFaults;
}

/** What the grants of one run share. */
export interface SweepRun extends Sweep {
  /** When the last of its refreshes must be stored, by the clock's `elapsed`. */
  finishBy: number;
  /** How many MCP servers are being called, by user. */
  serverCalls: Map<string, number>;
  /** Set when a grant is left for the next run because this one has no time for it. */
  hasMore: boolean;
  /** How late the grant was found that was due first (ms). */
  lagMilliseconds: number;
}

/** So many MCP servers of one user are called at once: they may all hang, and with each one a worker of the run. */
const MOST_SERVER_CALLS = 5;
const POSTPONE_MILLISECONDS = 300_000;
/** A row that cannot be read now may be readable after the next deployment. */
const UNREADABLE_MILLISECONDS = 3_600_000;

const planRetry = (deps: RefreshDeps, dueShard: string): Renewal => ({
  dueShard,
  dueAt: Math.ceil(deps.clock.now() + POSTPONE_MILLISECONDS * (1 + deps.random.fraction())),
});

/** The earliest that it could be due: its stored dueAt may have another random fraction. */
const earliestDue = (deps: RefreshDeps, credential: StoredCredential): Renewal | null =>
  planRenewal(credential, deps.clock.now(), { ...deps.limits, fraction: 1 });

const refreshUnlessPaused = async (
  deps: RefreshDeps,
  credential: StoredCredential,
  { faults, finishBy, sweptSince }: SweepRun,
): Promise<Attempt> => {
  const groups = pauseGroups(credential);
  if (groups.some((group) => isPaused(faults, group))) return { outcome: 'postponed', sign: 'none' };
  const attempt = await tryRefresh(deps, { credential, finishBy, inUse: false, sweptSince });
  for (const group of groups) noteSign(faults, group, attempt.sign);
  return attempt;
};

/** Runs the work; null where so many MCP servers of the user are being called already. */
const takeServerCall = async (
  { serverCalls }: SweepRun,
  { userId, resource }: StoredCredential,
  work: () => Promise<Attempt>,
): Promise<Attempt | null> => {
  if (resource === null) return work();
  const change = (by: number) => serverCalls.set(userId, (serverCalls.get(userId) ?? 0) + by);
  if ((serverCalls.get(userId) ?? 0) >= MOST_SERVER_CALLS) return null;
  change(1);
  try {
    return await work();
  } finally {
    change(-1);
  }
};

/** Whether a refresh that starts now could not be stored within the run. */
export const isOver = ({ budget, clock }: RefreshDeps, { finishBy }: SweepRun): boolean =>
  !fitsBefore(budget, clock.elapsed(), finishBy);

const moveUnreadable = async (deps: RefreshDeps, entry: DueEntry): Promise<GrantOutcome> => {
  const later = { dueShard: entry.dueShard, dueAt: deps.clock.now() + UNREADABLE_MILLISECONDS };
  await deps.refreshes.rescheduleRenewal(entry, entry.dueAt, later);
  return 'unusable';
};

const renew = async (deps: RefreshDeps, entry: DueEntry, run: SweepRun): Promise<GrantOutcome> => {
  const row = await deps.users.readCredential(entry.userId, entry.credentialId);
  // Deleted, and the index lags behind.
  if (row === null) return 'unusable';
  if (!row.readable) return moveUnreadable(deps, entry);
  const { credential } = row;
  const { dueAt } = credential;
  if (dueAt === null || dueAt > deps.clock.now()) return 'notDue';
  const due = earliestDue(deps, credential);
  if (due === null || due.dueAt > deps.clock.now()) {
    await deps.refreshes.rescheduleRenewal(entry, dueAt, due);
    return 'notDue';
  }
  const lag = deps.clock.now() - dueAt;
  const attempt = await takeServerCall(run, credential, () => refreshUnlessPaused(deps, credential, run));
  if (attempt === null) {
    run.hasMore = true;
    return 'postponed';
  }
  run.lagMilliseconds = Math.max(run.lagMilliseconds, lag);
  const { outcome, sign } = attempt;
  if (outcome !== 'postponed') return outcome;
  // Not a failure: the time ran out before the provider was called. It stays where the next run finds it.
  if (sign === 'none' && isOver(deps, run)) run.hasMore = true;
  else await deps.refreshes.rescheduleRenewal(entry, dueAt, planRetry(deps, due.dueShard));
  return outcome;
};

/** Renews one grant. A fault of the store or of the keys postpones it: one grant that fails stops no other. */
export const sweepGrant = async (deps: RefreshDeps, entry: DueEntry, run: SweepRun): Promise<GrantOutcome> => {
  try {
    return await renew(deps, entry, run);
  } catch (error) {
    if (error instanceof ServiceError) return 'postponed';
    throw error;
  }
};
