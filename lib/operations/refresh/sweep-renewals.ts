// Renews the grants that are due, ahead of whoever will ask for them. The index says where to look, the row what is true; a
// run is bounded in time and the next goes on where it ended, since whatever was dealt with is due later or nowhere.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { DueCredential } from '../../domain/ports/credential-refresh-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { dueShards, planRenewal, type Renewal } from '../../domain/refresh/schedule.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import type { RefreshDeps } from '../../steps/refresh/lease.ts';
import { refreshToken } from '../../steps/refresh/refresh-token.ts';

type SweepDeps = RefreshDeps & Pick<Deps, 'users' | 'refreshes'>;

export interface Swept {
  refreshed: number;
  /** Due later or never after all: not in use any more, or renewed by somebody else. */
  passed: number;
  /** Not renewed now; due again in a few minutes. */
  postponed: number;
  /** Marked as reconnect_required, or not readable. */
  broken: number;
  /** Whether time ran out before everything due was looked at. */
  hasMore: boolean;
}

type Outcome = Exclude<keyof Swept, 'hasMore'>;

interface Run {
  swept: Swept;
  finishBy: number;
  /** By provider. */
  failures: Map<string, number>;
}

/** After so many failures of one provider its other grants are not tried in the same run: it may be down. */
const MOST_FAILURES = 5;

/** So many at once: each may be a call to a provider. */
const CHUNK = 10;
const POSTPONE_MILLISECONDS = 300_000;

const postponed = (deps: SweepDeps, { dueShard }: Renewal): Renewal => ({
  dueShard,
  dueAt: Math.ceil(deps.clock.now() + POSTPONE_MILLISECONDS * (1 + deps.random.fraction())),
});

/** The earliest that it could be due: whoever placed it may have thrown other dice. */
const dueNow = (deps: SweepDeps, credential: StoredCredential): Renewal | null =>
  planRenewal(credential, deps.clock.now(), { ...deps.limits, fraction: 1 });

const tryRefresh = async (deps: SweepDeps, credential: StoredCredential, { finishBy }: Run): Promise<Outcome> => {
  try {
    const refreshed = await refreshToken(deps, { credential, finishBy, inUse: false });
    if (refreshed.kind === 'refreshed') return 'refreshed';
    return refreshed.kind === 'failed' ? 'postponed' : 'passed';
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'reconnect_required') return 'broken';
    if (error instanceof ServiceError) return 'postponed';
    throw error;
  }
};

const refresh = async (deps: SweepDeps, credential: StoredCredential, run: Run): Promise<Outcome> => {
  const { provider } = credential;
  const before = run.failures.get(provider) ?? 0;
  if (before >= MOST_FAILURES) return 'postponed';
  const outcome = await tryRefresh(deps, credential, run);
  if (outcome === 'postponed') run.failures.set(provider, (run.failures.get(provider) ?? 0) + 1);
  return outcome;
};

const sweepOne = async (deps: SweepDeps, grant: DueCredential, run: Run): Promise<Outcome> => {
  const row = await deps.users.readCredential(grant.userId, grant.credentialId);
  if (!row?.readable) return 'broken';
  const { credential } = row;
  // The index lags behind the row.
  if (credential.dueAt === null || credential.dueAt > deps.clock.now()) return 'passed';
  const due = dueNow(deps, credential);
  if (due === null || due.dueAt > deps.clock.now()) {
    await deps.refreshes.rescheduleRenewal(grant, credential.dueAt, due);
    return 'passed';
  }
  const outcome = await refresh(deps, credential, run);
  if (outcome === 'postponed') await deps.refreshes.rescheduleRenewal(grant, credential.dueAt, postponed(deps, due));
  return outcome;
};

/** One that fails stops no other. */
const sweepSafely = async (deps: SweepDeps, grant: DueCredential, run: Run): Promise<Outcome> => {
  try {
    return await sweepOne(deps, grant, run);
  } catch (error) {
    if (error instanceof ServiceError) return 'postponed';
    throw error;
  }
};

/** From a shard of its own at each run: one that is never finished must not keep the others waiting for ever. */
const shardsFrom = (fraction: number): readonly string[] => {
  const first = Math.floor(fraction * dueShards.length);
  return [...dueShards.slice(first), ...dueShards.slice(0, first)];
};

const hasTimeLeft = (deps: SweepDeps, finishBy: number): boolean =>
  deps.clock.now() + deps.budget.leaseMilliseconds <= finishBy;

/** Whether the shard was gone through to its end. */
const sweepShard = async (deps: SweepDeps, shard: string, run: Run): Promise<boolean> => {
  const until = deps.clock.now();
  let after: string | undefined;
  do {
    const { grants, next } = await deps.refreshes.findDue(shard, until, after);
    if (grants[0]) deps.meter.record('SweepLag', Math.max(0, until - grants[0].dueAt) / 1000);
    for (let from = 0; from < grants.length; from += CHUNK) {
      if (!hasTimeLeft(deps, run.finishBy)) return false;
      const chunk = grants.slice(from, from + CHUNK);
      for (const outcome of await allSettledOrThrow(chunk.map((grant) => sweepSafely(deps, grant, run)))) {
        run.swept[outcome]++;
      }
    }
    after = next ?? undefined;
  } while (after !== undefined);
  return true;
};

/** Throws `store_busy`, `store_unavailable` when the index can't be read. */
export const sweepRenewals = async (deps: SweepDeps): Promise<Swept> => {
  const finishBy = deps.clock.now() + deps.budget.answerMilliseconds;
  const swept = { refreshed: 0, passed: 0, postponed: 0, broken: 0, hasMore: false };
  const run = { swept, finishBy, failures: new Map<string, number>() };
  for (const shard of shardsFrom(deps.random.fraction())) {
    if (await sweepShard(deps, shard, run)) continue;
    return { ...swept, hasMore: true };
  }
  return swept;
};
