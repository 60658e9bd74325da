// Renews the credentials that are due, before a caller needs them. A run is bounded in time; the next run continues, because a
// credential that was handled is due later or not at all. Runs follow each other while work is left.
import type { Deps } from '../../domain/ports/deps.ts';
import { dueShards } from '../../domain/refresh/schedule.ts';
import { SWEEP_RUNS } from '../../platform.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { forEachConcurrently } from '../../steps/refresh/for-each-concurrently.ts';
import type { RefreshDeps } from '../../steps/refresh/lease.ts';
import { type DueEntry, isOver, type Sweep, type SweepRun, sweepGrant } from '../../steps/refresh/sweep-grant.ts';
import type { GrantOutcome } from '../../steps/refresh/try-refresh.ts';

type SweepDeps = RefreshDeps & Pick<Deps, 'users' | 'refreshes'>;

/** How many credentials had which outcome. */
export interface SweepResult extends Record<GrantOutcome, number> {
  refreshed: number;
  /** Not to be renewed now: no longer in use, or already renewed by another caller. */
  notDue: number;
  /** Not renewed; due again in a few minutes, or in the next run if this one had no time left. */
  postponed: number;
  /** Marked as reconnect_required, not readable, or deleted. */
  unusable: number;
  /** Whether time ran out before every due credential was read. */
  hasMore: boolean;
}

interface Run extends SweepRun {
  counts: Record<GrantOutcome, number>;
}

const SHARDS_AT_ONCE = 4;
/** In each shard; each may be a call to a provider. */
const CREDENTIALS_AT_ONCE = 10;

const newCounts = (): Record<GrantOutcome, number> => ({ refreshed: 0, notDue: 0, postponed: 0, unusable: 0 });

/** Each run starts at a random shard, so that one large shard cannot delay the same others in every run. */
const shardsFrom = (fraction: number): readonly string[] => {
  const first = Math.floor(fraction * dueShards.length);
  return [...dueShards.slice(first), ...dueShards.slice(0, first)];
};

/** The entries of a shard while a refresh still fits into the run. */
async function* readDue(deps: SweepDeps, dueShard: string, run: Run): AsyncGenerator<DueEntry> {
  const until = deps.clock.now();
  let after: string | undefined;
  do {
    const { credentials, next } = await deps.refreshes.findDue(dueShard, until, after);
    for (const credential of credentials) {
      if (isOver(deps, run)) {
        run.hasMore = true;
        return;
      }
      yield { ...credential, dueShard };
    }
    after = next ?? undefined;
  } while (after !== undefined);
}

const sweepShard = (deps: SweepDeps, shard: string, run: Run): Promise<void> =>
  forEachConcurrently(readDue(deps, shard, run), CREDENTIALS_AT_ONCE, async (entry) => {
    run.counts[await sweepGrant(deps, entry, run)]++;
  });

const sweepShards = async (deps: SweepDeps, run: Run): Promise<void> => {
  const shards = shardsFrom(deps.random.fraction()).values();
  const sweepNext = async (): Promise<void> => {
    for (const shard of shards) await sweepShard(deps, shard, run);
  };
  await allSettledOrThrow(Array.from({ length: SHARDS_AT_ONCE }, sweepNext));
};

const newSweep = ({ clock }: SweepDeps): Sweep => ({ sweptSince: clock.now(), faults: new Map() });

/** One bounded run of a sweep. Records `SweepLag`, 0 when nothing is due. Throws `store_busy`, `store_unavailable` when the index can't be read. */
export const sweepRenewals = async (deps: SweepDeps, sweep = newSweep(deps)): Promise<SweepResult> => {
  const finishBy = deps.clock.elapsed() + deps.budget.answerMilliseconds;
  const own = { counts: newCounts(), serverCalls: new Map(), hasMore: false, lagMilliseconds: 0 };
  const run: Run = { ...sweep, ...own, finishBy };
  await sweepShards(deps, run);
  deps.meter.record('SweepLag', run.lagMilliseconds / 1000);
  return { ...run.counts, hasMore: run.hasMore };
};

/** Runs until nothing due is left, `SWEEP_RUNS` times at most. Throws what `sweepRenewals` throws. */
export const sweepUntilDone = async (deps: SweepDeps): Promise<SweepResult> => {
  const total: SweepResult = { ...newCounts(), hasMore: false };
  const sweep = newSweep(deps);
  for (let runs = 0; runs < SWEEP_RUNS; runs++) {
    const { hasMore, ...counts } = await sweepRenewals(deps, sweep);
    for (const outcome of Object.keys(counts) as GrantOutcome[]) total[outcome] += counts[outcome];
    total.hasMore = hasMore;
    if (!hasMore) break;
  }
  return total;
};
