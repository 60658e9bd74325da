// Runs seeds and checks their traces; a failing seed is run once more with its event log.
import { findViolations } from './invariants.ts';
import type { PlantedFault } from './planted/planted-fault.ts';
import { simulate, type Trace } from './simulate.ts';
import type { Subject } from './workload/scenario.ts';

const MAX_LOG_LINES = 150;

const lastLines = (eventLog: readonly string[]): string[] =>
  eventLog.length <= MAX_LOG_LINES
    ? [...eventLog]
    : [`… ${eventLog.length - MAX_LOG_LINES} lines before`, ...eventLog.slice(-MAX_LOG_LINES)];

/** The invariants a seed violates, the command that replays it, and its event log: the last lines, or all with `whole`. */
export const explainSeed = async (subject: Subject, seed: number, { whole = false } = {}): Promise<string> => {
  const trace = await simulate(seed, subject, { logEvents: true });
  const violations = findViolations(trace).map((violation) => `seed ${seed} violates an invariant: ${violation}`);
  const replay = `replay: SEED=${seed} npx vitest run --project simulation test/reliability/simulation/${subject}.test.ts`;
  return [...violations, replay, ...(whole ? trace.eventLog : lastLines(trace.eventLog))].join('\n');
};

interface SeedRange {
  subject: Subject;
  /** 1 by default. */
  first?: number;
  seeds: number;
  /** Stops after this many failing seeds. */
  most?: number;
  /** With a planted fault only violations of its own invariant count. */
  planted?: PlantedFault;
  onTrace?: (trace: Trace) => void;
}

const SEEDS_PER_TURN = 500;

/** Lets the test runner's timers run; only between seeds, so that it cannot influence a run. */
const yieldToRunner = () => new Promise((resolve) => setImmediate(resolve));

/** Runs `work` without capturing stack traces: injected faults are thousands of errors whose stacks are never read. */
export const withoutStackTraces = async <T>(work: () => Promise<T>): Promise<T> => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/** The seeds of a range that violate an invariant. */
export const findFailingSeeds = ({
  subject,
  first = 1,
  seeds,
  planted,
  onTrace,
  most = seeds,
}: SeedRange): Promise<number[]> =>
  withoutStackTraces(async () => {
    const counts = (violation: string) => !planted || violation.startsWith(planted.violates);
    const failing: number[] = [];
    for (let seed = first; seed < first + seeds && failing.length < most; seed++) {
      const trace = await simulate(seed, subject, { planted });
      onTrace?.(trace);
      if (findViolations(trace).some(counts)) failing.push(seed);
      if (seed % SEEDS_PER_TURN === 0) await yieldToRunner();
    }
    return failing;
  });
