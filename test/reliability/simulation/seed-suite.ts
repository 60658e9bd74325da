// Defines the suite of one subject of the simulator. SEEDS is the number of seeds, from FIRST_SEED on; SEED replays one seed and
// prints its event log. A run that never met a fault or an outcome proves nothing about it, so coverage is asserted too.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/run/figure.ts';
import type { FaultKind } from './environment/faults.ts';
import { explainSeed, findFailingSeeds } from './run-seeds.ts';
import { addRun, createStatistics, formatStatistics } from './run-statistics.ts';
import type { Subject } from './workload/scenario.ts';

const { SEEDS, FIRST_SEED = '1', SEED } = process.env;
const ONE_HOUR = 3_600_000;

/** What the seeds of a subject must meet, and seeds that are always replayed. */
interface Coverage {
  faults: readonly FaultKind[];
  /** Kinds of call and outcomes, such as `add: credential_exists`. */
  outcomes: readonly string[];
  /** How many seeds are played unless SEEDS says so; those of all subjects are 10,000. */
  seeds: number;
  /** Seeds that once violated an invariant, played in addition to the range. */
  regressionSeeds?: readonly number[];
}

const describeReplay = (subject: Subject): void => {
  describe.runIf(SEED)(`seed ${SEED} of ${subject}`, () => {
    it('violates no invariant', async () => {
      const explanation = await explainSeed(subject, Number(SEED), { whole: true });
      console.log(explanation);
      expect(explanation).not.toContain('violates an invariant');
    });
  });
};

/** Defines the suite of a subject: every seed keeps the invariants, and together they reach the coverage. */
export const describeSeeds = (subject: Subject, coverage: Coverage): void => {
  describeReplay(subject);
  const seeds = Number(SEEDS ?? coverage.seeds);
  describe.skipIf(SEED)(`${seeds} seeds of the ${subject} operations`, () => {
    const statistics = createStatistics();
    let failingSeeds: number[] = [];

    beforeAll(async () => {
      const startedAt = performance.now();
      const onTrace = (trace: Parameters<typeof addRun>[1]) => addRun(statistics, trace);
      const range = { first: Number(FIRST_SEED), seeds };
      failingSeeds = await findFailingSeeds({ subject, ...range, onTrace });
      console.log(`${subject}: ${formatStatistics(statistics, (performance.now() - startedAt) / 1000)}`);
      printFigure('simulation', { subject, ...range, calls: statistics.calls, failing: failingSeeds.length });
    }, ONE_HOUR);

    it('violate no invariant under any fault', async () => {
      const [first] = failingSeeds;
      if (first !== undefined) expect.fail(`failing seeds: ${failingSeeds}\n${await explainSeed(subject, first)}`);
    });

    it.for(coverage.regressionSeeds ?? [])('violate no invariant with the regression seed %i', async (seed) => {
      expect(await findFailingSeeds({ subject, first: seed, seeds: 1 })).toEqual([]);
    });

    it.for(coverage.faults)('inject the fault: %s', (fault) => {
      expect(statistics.faults.get(fault) ?? 0).toBeGreaterThan(0);
    });

    it.for(coverage.outcomes)('reach the outcome: %s', (outcome) => {
      expect(statistics.outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
    });

    it('give the same run for the same seed', async () => {
      expect(await explainSeed(subject, 7, { whole: true })).toBe(await explainSeed(subject, 7, { whole: true }));
    });
  });
};
