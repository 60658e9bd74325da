// Adds up what happened over many seeds, so that one sees a green run was not an empty one.
import { type Call, outcomeName } from './evidence/history.ts';
import type { Evidence } from './simulate.ts';

export interface Tally {
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

export const emptyTally = (): Tally => ({
  seeds: 0,
  calls: 0,
  faults: new Map(),
  outcomes: new Map(),
  exchanges: new Map(),
  lapsed: 0,
});

const increase = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

const whatBecameOf = ({ request, outcome }: Call) => `${request.kind}: ${outcomeName(outcome)}`;

export const addTo = (tally: Tally, { calls, struck, refreshes }: Evidence): void => {
  tally.seeds++;
  tally.calls += calls.length;
  for (const call of calls) increase(tally.outcomes, whatBecameOf(call));
  for (const [fault, times] of struck) increase(tally.faults, fault, times);
  for (const { decision } of refreshes.exchanges) increase(tally.exchanges, decision);
  tally.lapsed += refreshes.leases.filter(
    ({ from, to, at }) => from?.held && from.id !== to.id && from.until <= at,
  ).length;
};

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort()
    .map(([name, times]) => `${name} ${times}`)
    .join(' · ');

export const describeTally = ({ seeds, calls, faults, outcomes, exchanges, lapsed }: Tally, seconds: number): string =>
  [
    `${seeds} seeds in ${seconds.toFixed(1)} s: ${Math.round(seeds / seconds)} seeds/s, ${calls} calls`,
    `faults: ${listed(faults)}`,
    `refreshes: ${listed(exchanges)} · lapsed leases taken over ${lapsed}`,
    `outcomes (${outcomes.size}): ${listed(outcomes)}`,
  ].join('\n');
