// Enumerates every crash point of the first call with every fault point of the second, without randomness.

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
import { type Pair, type Point, runPair } from './run-pair.ts';

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
  violations: { pair: Pair; violations: string[] }[];
}

export const runEveryPair = (pairScenario: PairScenario): Promise<Outcome> =>
  withoutStackTraces(() => runPairs(pairScenario));

const runPairs = async (pairScenario: PairScenario): Promise<Outcome> => {
  const calm = await runPair(pairScenario, { crash: null, fault: null });
  const outcome: Outcome = { pairs: 0, violations: [] };
  for (const crash of [null, ...listPoints(calm.first, isCrash)]) {
    // The port calls of the second call depend on where the first one ended.
    const { second } = await runPair(pairScenario, { crash, fault: null });
    for (const fault of [null, ...listPoints(second, () => true)]) {
      const pair = { crash, fault };
      const violations = findViolations((await runPair(pairScenario, pair)).trace);
      outcome.pairs++;
      if (violations.length > 0) outcome.violations.push({ pair, violations });
    }
  }
  return outcome;
};

/** The first pair that violates an invariant, with its event log. */
export const explainPair = async (pairScenario: PairScenario, { violations }: Outcome): Promise<string> => {
  const [first] = violations;
  if (!first) return '';
  const { trace } = await runPair(pairScenario, first.pair, true);
  return [`${JSON.stringify(first.pair)} of ${violations.length}:`, ...first.violations, ...trace.eventLog].join('\n');
};
