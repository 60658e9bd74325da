// Enumerates the crash points of the first call with the fault points of the second, all or a fixed share of the pairs.

import {
  type Callee,
  dispatcherFaults,
  type FaultKind,
  providerFaults,
  sealerFaults,
  storeFaults,
} from '../environment/faults.ts';
import { findViolations } from '../invariants.ts';
import { withoutStackTraces } from '../run-seeds.ts';
import type { PairScenario } from './pair-scenarios.ts';
import { type Pair, type PairResult, type Point, runPair } from './run-pair.ts';

const isCrash = (fault: FaultKind): boolean => fault.startsWith('crashed');

const FAULTS: Readonly<Record<Callee, readonly FaultKind[]>> = {
  // Delays and outages differ from these in time alone.
  store: storeFaults.filter((fault) => !['delayed', 'outage', 'hung', 'conflict'].includes(fault)),
  sealer: sealerFaults,
  provider: providerFaults.filter((fault) => fault !== 'provider slow'),
  dispatcher: dispatcherFaults,
};

const listPoints = (calls: readonly Callee[], isWanted: (fault: FaultKind) => boolean): Point[] =>
  calls.flatMap((callee, nth) => FAULTS[callee].filter(isWanted).map((fault) => ({ nth, fault })));

export interface Outcome {
  pairs: number;
  /** Crash points that no fault followed, and fault points that followed no crash; empty, however few pairs were run. */
  unpaired: Point[];
  violations: { pair: Pair; violations: string[] }[];
}

/** Runs one pair in so many (1: every pair), the same ones each time. */
export const runOnePairIn = (oneIn: number, pairScenario: PairScenario): Promise<Outcome> =>
  withoutStackTraces(() => runPairs(oneIn, pairScenario));

interface CrashAndFault {
  crash: Point;
  fault: Point;
}

const pointKey = (point: Point): string => JSON.stringify(point);

/** The pairs grouped by their crash or their fault, in order. */
const groupBy = (part: keyof CrashAndFault, pairs: readonly CrashAndFault[]): CrashAndFault[][] => [
  ...Map.groupBy(pairs, (pair) => pointKey(pair[part])).values(),
];

/** Every n-th of a group, from a start that differs with its number; at least one. */
const chooseFrom = (group: readonly CrashAndFault[], number: number, oneIn: number): CrashAndFault[] =>
  group.filter((_, index) => (index + number) % Math.min(oneIn, group.length) === 0);

/** Pairs on every n-th diagonal, so that each crash point meets some fault and each fault point some crash. */
const choosePairs = (pairs: readonly CrashAndFault[], oneIn: number): Set<CrashAndFault> => {
  const byFault = groupBy('fault', pairs).flatMap((group, column) => chooseFrom(group, column, oneIn));
  const crashed = new Set(byFault.map(({ crash }) => pointKey(crash)));
  const missed = groupBy('crash', pairs).filter(([pair]) => pair && !crashed.has(pointKey(pair.crash)));
  return new Set([...byFault, ...missed.flatMap((group, row) => chooseFrom(group, row, group.length))]);
};

const findUnpaired = (all: readonly CrashAndFault[], chosen: ReadonlySet<CrashAndFault>): Point[] => {
  const played = new Set([...chosen].flatMap(({ crash, fault }) => [pointKey(crash), pointKey(fault)]));
  return all.flatMap(({ crash, fault }) => [crash, fault]).filter((point) => !played.has(pointKey(point)));
};

const runPairs = async (oneIn: number, pairScenario: PairScenario): Promise<Outcome> => {
  const outcome: Outcome = { pairs: 0, unpaired: [], violations: [] };
  const run = async (pair: Pair): Promise<PairResult> => {
    const result = await runPair(pairScenario, pair);
    const violations = findViolations(result.trace);
    outcome.pairs++;
    if (violations.length > 0) outcome.violations.push({ pair, violations });
    return result;
  };
  const calm = await run({ crash: null, fault: null });
  for (const fault of listPoints(calm.second, () => true)) await run({ crash: null, fault });
  const all: CrashAndFault[] = [];
  for (const crash of listPoints(calm.first, isCrash)) {
    // The port calls of the second call depend on where the first one ended.
    const { second } = await run({ crash, fault: null });
    all.push(...listPoints(second, () => true).map((fault) => ({ crash, fault })));
  }
  const chosen = choosePairs(all, oneIn);
  outcome.unpaired = findUnpaired(all, chosen);
  for (const pair of chosen) await run(pair);
  return outcome;
};

/** The first pair that violates an invariant, with its event log. */
export const explainPair = async (pairScenario: PairScenario, { violations }: Outcome): Promise<string> => {
  const [first] = violations;
  if (!first) return '';
  const { trace } = await runPair(pairScenario, first.pair, true);
  return [`${JSON.stringify(first.pair)} of ${violations.length}:`, ...first.violations, ...trace.eventLog].join('\n');
};
