// Adds up what happened over many seeds, so that one sees a green run was not an empty one.

import type { Trace } from './simulate.ts';
import { type Call, outcomeName } from './trace/call.ts';

export interface RunStatistics {
  seeds: number;
  calls: number;
  faults: Map<string, number>;
  /** By kind of call and outcome, such as `add: credential_exists`. */
  outcomes: Map<string, number>;
  /** Refresh tokens sent, by what the provider decided. */
  exchanges: Map<string, number>;
  /** Leases that were taken over after they had lapsed. */
  lapsed: number;
}

export const createStatistics = (): RunStatistics => ({
  seeds: 0,
  calls: 0,
  faults: new Map(),
  outcomes: new Map(),
  exchanges: new Map(),
  lapsed: 0,
});

const increment = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

const getOutcomeLabel = ({ request, outcome }: Call) => `${request.kind}: ${outcomeName(outcome)}`;

export const addRun = (statistics: RunStatistics, { calls, faultCounts, refreshes }: Trace): void => {
  statistics.seeds++;
  statistics.calls += calls.length;
  for (const call of calls) increment(statistics.outcomes, getOutcomeLabel(call));
  for (const [fault, times] of faultCounts) increment(statistics.faults, fault, times);
  for (const { decision } of refreshes.exchanges) increment(statistics.exchanges, decision);
  statistics.lapsed += refreshes.leases.filter(
    ({ from, to, at }) => from?.held && from.id !== to.id && from.until <= at,
  ).length;
};

const formatCounts = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort()
    .map(([name, times]) => `${name} ${times}`)
    .join(' · ');

export const formatStatistics = (
  { seeds, calls, faults, outcomes, exchanges, lapsed }: RunStatistics,
  seconds: number,
): string =>
  [
    `${seeds} seeds in ${seconds.toFixed(1)} s: ${Math.round(seeds / seconds)} seeds/s, ${calls} calls`,
    `faults: ${formatCounts(faults)}`,
    `refreshes: ${formatCounts(exchanges)} · lapsed leases taken over ${lapsed}`,
    `outcomes (${outcomes.size}): ${formatCounts(outcomes)}`,
  ].join('\n');
