// The suite of one subject of the simulator: `SEEDS` says how many seeds each subject plays, from `FIRST_SEED` on; `SEED` replays one and tells its
// story. What a run has not come across it has not proved, so that is asserted too.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/figure.ts';
import type { Subject } from './clients/scenario.ts';
import { explainSeed, findBadSeeds } from './run-seeds.ts';
import { addTo, describeTally, emptyTally } from './tally.ts';
import type { FaultKind } from './world/faults.ts';

const { SEEDS = '50000', FIRST_SEED = '1', SEED } = process.env;
const AN_HOUR = 3_600_000;

interface Met {
  faults: readonly FaultKind[];
  /** Kinds of call and outcomes, such as `add: credential_exists`. */
  outcomes: readonly string[];
  /** Seeds that broke a rule once, beyond those that are always played. */
  onceBad?: readonly number[];
}

const replaySeed = (subject: Subject): void => {
  describe.runIf(SEED)(`one seed of ${subject}`, () => {
    it('is replayed', async () => {
      const story = await explainSeed(subject, Number(SEED), { whole: true });
      console.log(story);
      expect(story).not.toContain('breaks a rule');
    });
  });
};

export const describeSeeds = (subject: Subject, met: Met): void => {
  replaySeed(subject);
  describe.skipIf(SEED)(`the operations of ${subject} over ${SEEDS} seeds`, () => {
    const tally = emptyTally();
    let badSeeds: number[] = [];

    beforeAll(async () => {
      const startedAt = performance.now();
      const onEvidence = (evidence: Parameters<typeof addTo>[1]) => addTo(tally, evidence);
      const range = { first: Number(FIRST_SEED), seeds: Number(SEEDS) };
      badSeeds = await findBadSeeds({ subject, ...range, onEvidence });
      console.log(`${subject}: ${describeTally(tally, (performance.now() - startedAt) / 1000)}`);
      printFigure('simulation', { subject, ...range, calls: tally.calls, bad: badSeeds.length });
    }, AN_HOUR);

    it('keep every rule, whatever fails', async () => {
      const [first] = badSeeds;
      if (first !== undefined) expect.fail(`bad seeds: ${badSeeds}\n${await explainSeed(subject, first)}`);
    });

    it.for(met.onceBad ?? [])('keep every rule with seed %i, which broke one once', async (seed) => {
      expect(await findBadSeeds({ subject, first: seed, seeds: 1 })).toEqual([]);
    });

    it.for(met.faults)('met the fault: %s', (fault) => {
      expect(tally.faults.get(fault) ?? 0).toBeGreaterThan(0);
    });

    it.for(met.outcomes)('came to the outcome: %s', (outcome) => {
      expect(tally.outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
    });

    it('run the same again from the same seed', async () => {
      expect(await explainSeed(subject, 7, { whole: true })).toBe(await explainSeed(subject, 7, { whole: true }));
    });
  });
};
