// Adds up what happened over many seeds, to show that a green run reached faults and outcomes.
import type { Trace } from './simulate.ts';
import { type Call, outcomeName } from './trace/call.ts';

export interface RunStatistics {
  seeds: number;
  calls: number;
  /** Injected faults by kind. */
  faults: Map<string, number>;
  /** By kind of call and outcome, such as `add: credential_exists`. */
  outcomes: Map<string, number>;
  /** Refresh tokens sent, by the provider's decision. */
  exchanges: Map<string, number>;
  /** Expired leases taken over by another call. */
  takeovers: number;
}

export const createStatistics = (): RunStatistics => ({
  seeds: 0,
  calls: 0,
  faults: new Map(),
  outcomes: new Map(),
  exchanges: new Map(),
  takeovers: 0,
});

const increment = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

const formatOutcome = ({ request, outcome }: Call) => `${request.kind}: ${outcomeName(outcome)}`;

/** Adds one run. */
export const addRun = (statistics: RunStatistics, { calls, faultCounts, refreshes }: Trace): void => {
  statistics.seeds++;
  statistics.calls += calls.length;
  for (const call of calls) increment(statistics.outcomes, formatOutcome(call));
  for (const [fault, times] of faultCounts) increment(statistics.faults, fault, times);
  for (const { decision } of refreshes.exchanges) increment(statistics.exchanges, decision);
  statistics.takeovers += refreshes.leases.filter(
    ({ from, to, at }) => from?.held && from.id !== to.id && from.until <= at,
  ).length;
};

const formatCounts = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort()
    .map(([name, times]) => `${name} ${times}`)
    .join(' · ');

/** Four lines for the output of a suite. */
export const formatStatistics = (
  { seeds, calls, faults, outcomes, exchanges, takeovers }: RunStatistics,
  seconds: number,
): string =>
  [
    `${seeds} seeds in ${seconds.toFixed(1)} s: ${Math.round(seeds / seconds)} seeds/s, ${calls} calls`,
    `faults: ${formatCounts(faults)}`,
    `refreshes: ${formatCounts(exchanges)} · expired leases taken over ${takeovers}`,
    `outcomes (${outcomes.size}): ${formatCounts(outcomes)}`,
  ].join('\n');
