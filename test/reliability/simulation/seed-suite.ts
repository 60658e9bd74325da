// The suite of one subject of the simulator: `SEEDS` says how many seeds each subject plays, from `FIRST_SEED` on; `SEED` replays one and tells its
// story. What a run has not come across it has not proved, so that is asserted too.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/figure.ts';
import type { FaultKind } from './environment/faults.ts';
import { explainSeed, findFailingSeeds } from './run-seeds.ts';
import { addRun, createStatistics, formatStatistics } from './run-statistics.ts';
import type { Subject } from './workload/scenario.ts';

const { SEEDS = '50000', FIRST_SEED = '1', SEED } = process.env;
const AN_HOUR = 3_600_000;

interface Met {
  faults: readonly FaultKind[];
  /** Kinds of call and outcomes, such as `add: credential_exists`. */
  outcomes: readonly string[];
  /** Seeds that broke a rule once, beyond those that are always played. */
  regressionSeeds?: readonly number[];
}

const replaySeed = (subject: Subject): void => {
  describe.runIf(SEED)(`one seed of ${subject}`, () => {
    it('is replayed', async () => {
      const eventLog = await explainSeed(subject, Number(SEED), { whole: true });
      console.log(eventLog);
      expect(eventLog).not.toContain('breaks a rule');
    });
  });
};

export const describeSeeds = (subject: Subject, met: Met): void => {
  replaySeed(subject);
  describe.skipIf(SEED)(`the operations of ${subject} over ${SEEDS} seeds`, () => {
    const statistics = createStatistics();
    let failingSeeds: number[] = [];

    beforeAll(async () => {
      const startedAt = performance.now();
      const onTrace = (trace: Parameters<typeof addRun>[1]) => addRun(statistics, trace);
      const range = { first: Number(FIRST_SEED), seeds: Number(SEEDS) };
      failingSeeds = await findFailingSeeds({ subject, ...range, onTrace });
      console.log(`${subject}: ${formatStatistics(statistics, (performance.now() - startedAt) / 1000)}`);
      printFigure('simulation', { subject, ...range, calls: statistics.calls, failing: failingSeeds.length });
    }, AN_HOUR);

    it('keep every rule, whatever fails', async () => {
      const [first] = failingSeeds;
      if (first !== undefined) expect.fail(`bad seeds: ${failingSeeds}\n${await explainSeed(subject, first)}`);
    });

    it.for(met.regressionSeeds ?? [])('keep every rule with seed %i, which broke one once', async (seed) => {
      expect(await findFailingSeeds({ subject, first: seed, seeds: 1 })).toEqual([]);
    });

    it.for(met.faults)('met the fault: %s', (fault) => {
      expect(statistics.faults.get(fault) ?? 0).toBeGreaterThan(0);
    });

    it.for(met.outcomes)('came to the outcome: %s', (outcome) => {
      expect(statistics.outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
    });

    it('run the same again from the same seed', async () => {
      expect(await explainSeed(subject, 7, { whole: true })).toBe(await explainSeed(subject, 7, { whole: true }));
    });
  });
};
