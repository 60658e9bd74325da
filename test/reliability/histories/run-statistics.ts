// Adds up many histories, to show that a green run reached faults and outcomes.
import { outcomeName } from '../simulation/trace/call.ts';
import type { Call } from './clients/call.ts';
import type { CheckedHistory } from './run-histories.ts';

/** Sums over the histories of a run. */
export interface RunStatistics {
  histories: number;
  violations: number;
  seeds: number[];
  faults: Map<string, number>;
  /** By kind of call and outcome, such as `add: credential_exists`. */
  outcomes: Map<string, number>;
  /** Writes of unknown outcome. */
  unknown: number;
  unknownApplied: number;
  longestSearchMilliseconds: number;
  /** Configurations visited in the largest search. */
  maxVisited: number;
}

/** Statistics of no history. */
export const createStatistics = (): RunStatistics => ({
  histories: 0,
  violations: 0,
  seeds: [],
  faults: new Map(),
  outcomes: new Map(),
  unknown: 0,
  unknownApplied: 0,
  longestSearchMilliseconds: 0,
  maxVisited: 0,
});

const increment = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

const READS: readonly string[] = ['list', 'get', 'resolve'];
const mayHaveChanged = ({ request, outcome }: Call) => outcome.kind === 'unknown' && !READS.includes(request.kind);

/** Adds one history. */
export const addHistory = (
  statistics: RunStatistics,
  { history, result, searchMilliseconds }: CheckedHistory,
): void => {
  statistics.histories++;
  statistics.violations += result.violations.length;
  statistics.seeds.push(history.seed);
  for (const fault of history.faults) increment(statistics.faults, fault);
  for (const { request, outcome } of history.calls)
    increment(statistics.outcomes, `${request.kind}: ${outcomeName(outcome)}`);
  statistics.unknown += history.calls.filter(mayHaveChanged).length;
  statistics.unknownApplied += result.unknownApplied;
  statistics.longestSearchMilliseconds = Math.max(statistics.longestSearchMilliseconds, searchMilliseconds);
  statistics.maxVisited = Math.max(statistics.maxVisited, result.visited);
};

const formatCounts = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, times]) => `${name} ${times}`).join(' · ');

/** One line for the output of a suite. */
export const formatStatistics = (statistics: RunStatistics, seconds: number, operations: number): string =>
  [
    `histories: ${statistics.histories} × ${operations} operations, ${statistics.violations} violations, ${seconds.toFixed(1)} s, ` +
      `seeds ${Math.min(...statistics.seeds)}…${Math.max(...statistics.seeds)}`,
    `faults: ${formatCounts(statistics.faults)}`,
    `unknown outcomes: ${statistics.unknown}, of which ${statistics.unknownApplied} took effect`,
    `longest search: ${statistics.longestSearchMilliseconds.toFixed(0)} ms, ${statistics.maxVisited} configurations`,
  ].join('; ');
