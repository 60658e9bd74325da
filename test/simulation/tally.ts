// Adds up what happened over many seeds, so that one sees a green run was not an empty one.
import { type Call, outcomeName } from './evidence/history.ts';
import type { Evidence } from './simulate.ts';

export interface Tally {
  seeds: number;
  calls: number;
  faults: Map<string, number>;
  /** By kind of call and outcome, such as `add: credential_exists`. */
  outcomes: Map<string, number>;
}

export const emptyTally = (): Tally => ({ seeds: 0, calls: 0, faults: new Map(), outcomes: new Map() });

const increase = (counts: Map<string, number>, name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);

const whatBecameOf = ({ request, outcome }: Call) => `${request.kind}: ${outcomeName(outcome)}`;

export const addTo = (tally: Tally, { calls, struck }: Evidence): void => {
  tally.seeds++;
  tally.calls += calls.length;
  for (const call of calls) increase(tally.outcomes, whatBecameOf(call));
  for (const [fault, times] of struck) increase(tally.faults, fault, times);
};

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort()
    .map(([name, times]) => `${name} ${times}`)
    .join(' · ');

export const describeTally = ({ seeds, calls, faults, outcomes }: Tally, seconds: number): string =>
  [
    `${seeds} seeds in ${seconds.toFixed(1)} s: ${Math.round(seeds / seconds)} seeds/s, ${calls} calls`,
    `faults: ${listed(faults)}`,
    `outcomes (${outcomes.size}): ${listed(outcomes)}`,
  ].join('\n');
