// Runs seeds and judges them; a seed that breaks a rule is run once more, telling its story.

import { findViolations } from './invariants.ts';
import type { PlantedFault } from './planted/planted-fault.ts';
import { simulate, type Trace } from './simulate.ts';
import type { Subject } from './workload/scenario.ts';

const STORY_LINES = 150;

const bounded = (eventLog: readonly string[]): string[] =>
  eventLog.length <= STORY_LINES
    ? [...eventLog]
    : [`… ${eventLog.length - STORY_LINES} lines before`, ...eventLog.slice(-STORY_LINES)];

/** What rules a seed breaks, how to see it again, and its story; the end of it unless all is asked for. */
export const explainSeed = async (subject: Subject, seed: number, { whole = false } = {}): Promise<string> => {
  const trace = await simulate(seed, subject, { logEvents: true });
  const broken = findViolations(trace).map((violation) => `seed ${seed} breaks a rule: ${violation}`);
  const replay = `replay: SEED=${seed} npx vitest run --project simulation test/reliability/simulation/${subject}.test.ts`;
  return [...broken, replay, ...(whole ? trace.eventLog : bounded(trace.eventLog))].join('\n');
};

interface Run {
  subject: Subject;
  first?: number;
  seeds: number;
  most?: number;
  planted?: PlantedFault;
  onTrace?: (trace: Trace) => void;
}

const SEEDS_BETWEEN_BREATHS = 500;

/** Lets the test runner have its turn; between seeds only, so no run knows of it. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

/** Faults are errors by the thousand, and nobody reads their stacks. */
export const withoutStacks = async <T>(work: () => Promise<T>): Promise<T> => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/** Those of so many seeds, from the first on, that break a rule (the planted fault's own, if there is one), up to `most`. */
export const findFailingSeeds = ({
  subject,
  first = 1,
  seeds,
  planted,
  onTrace,
  most = seeds,
}: Run): Promise<number[]> =>
  withoutStacks(async () => {
    const isMeant = (violation: string) => !planted || violation.startsWith(planted.breaks);
    const failing: number[] = [];
    for (let seed = first; seed < first + seeds && failing.length < most; seed++) {
      const trace = await simulate(seed, subject, { planted });
      onTrace?.(trace);
      if (findViolations(trace).some(isMeant)) failing.push(seed);
      if (seed % SEEDS_BETWEEN_BREATHS === 0) await breathe();
    }
    return failing;
  });
