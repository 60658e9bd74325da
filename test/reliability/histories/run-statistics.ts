// Adds up many histories, so that one sees that a green run was not an empty one.
import { outcomeName } from '../simulation/evidence/history.ts';
import type { Call } from './play/call.ts';
import type { Judged } from './run-histories.ts';

export interface Tally {
  histories: number;
  violations: number;
  seeds: number[];
  faults: Map<string, number>;
  /** By kind of call and outcome, such as `add: credential_exists`. */
  outcomes: Map<string, number>;
  /** Of writes. */
  unknown: number;
  unknownDone: number;
  longestSearchMilliseconds: number;
  mostVisited: number;
}

export const emptyTally = (): Tally => ({
  histories: 0,
  violations: 0,
  seeds: [],
  faults: new Map(),
  outcomes: new Map(),
  unknown: 0,
  unknownDone: 0,
  longestSearchMilliseconds: 0,
  mostVisited: 0,
});

const increase = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

const READS: readonly string[] = ['list', 'get', 'resolve'];
const mayHaveChanged = ({ request, outcome }: Call) => outcome.is === 'unknown' && !READS.includes(request.kind);

export const addTo = (tally: Tally, { history, judgement, searchMilliseconds }: Judged): void => {
  tally.histories++;
  tally.violations += judgement.violations.length;
  tally.seeds.push(history.seed);
  for (const fault of history.faults) increase(tally.faults, fault);
  for (const { request, outcome } of history.calls)
    increase(tally.outcomes, `${request.kind}: ${outcomeName(outcome)}`);
  tally.unknown += history.calls.filter(mayHaveChanged).length;
  tally.unknownDone += judgement.unknownDone;
  tally.longestSearchMilliseconds = Math.max(tally.longestSearchMilliseconds, searchMilliseconds);
  tally.mostVisited = Math.max(tally.mostVisited, judgement.visited);
};

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, times]) => `${name} ${times}`).join(' · ');

/** One line. */
export const describeTally = (tally: Tally, seconds: number, operations: number): string =>
  [
    `histories: ${tally.histories} × ${operations} operations, ${tally.violations} violations, ${seconds.toFixed(1)} s, ` +
      `seeds ${Math.min(...tally.seeds)}…${Math.max(...tally.seeds)}`,
    `faults: ${listed(tally.faults)}`,
    `unknown outcomes: ${tally.unknown}, of which ${tally.unknownDone} took effect`,
    `longest search: ${tally.longestSearchMilliseconds.toFixed(0)} ms, ${tally.mostVisited} states`,
  ].join('; ');
