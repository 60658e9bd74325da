// Runs seeds and judges them; a seed that breaks a rule is run once more, telling its story.
import type { Subject } from './clients/scenario.ts';
import { findViolations } from './invariants.ts';
import type { PlantedFault } from './planted/planted-fault.ts';
import { type Evidence, simulate } from './simulate.ts';

const STORY_LINES = 150;

const bounded = (story: readonly string[]): string[] =>
  story.length <= STORY_LINES
    ? [...story]
    : [`… ${story.length - STORY_LINES} lines before`, ...story.slice(-STORY_LINES)];

/** What rules a seed breaks, how to see it again, and its story; the end of it unless all is asked for. */
export const explainSeed = async (subject: Subject, seed: number, { whole = false } = {}): Promise<string> => {
  const evidence = await simulate(seed, subject, { tellStory: true });
  const broken = findViolations(evidence).map((violation) => `seed ${seed} breaks a rule: ${violation}`);
  const replay = `replay: SEED=${seed} npx vitest run --project simulation test/reliability/simulation/${subject}.test.ts`;
  return [...broken, replay, ...(whole ? evidence.story : bounded(evidence.story))].join('\n');
};

interface Run {
  subject: Subject;
  first?: number;
  seeds: number;
  most?: number;
  planted?: PlantedFault;
  onEvidence?: (evidence: Evidence) => void;
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
export const findBadSeeds = ({
  subject,
  first = 1,
  seeds,
  planted,
  onEvidence,
  most = seeds,
}: Run): Promise<number[]> =>
  withoutStacks(async () => {
    const isMeant = (violation: string) => !planted || violation.startsWith(planted.breaks);
    const bad: number[] = [];
    for (let seed = first; seed < first + seeds && bad.length < most; seed++) {
      const evidence = await simulate(seed, subject, { planted });
      onEvidence?.(evidence);
      if (findViolations(evidence).some(isMeant)) bad.push(seed);
      if (seed % SEEDS_BETWEEN_BREATHS === 0) await breathe();
    }
    return bad;
  });
