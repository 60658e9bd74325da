// Every crash point of one call with every fault point of the next, in every scenario; in `npm test` one pair in 96, in which
// each crash point and each fault point still occurs.
import { afterAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/run/figure.ts';
import { isProof } from '../../support/run/proof.ts';
import { explainPair, runOnePairIn } from './pairs/enumerate-pairs.ts';
import { pairScenarios } from './pairs/pair-scenarios.ts';

const ONE_IN = isProof ? 1 : 96;

describe.skipIf(process.env.SEED)('a crash in one call and a fault in the next', () => {
  let pairs = 0;
  const startedAt = performance.now();
  afterAll(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`pairs: ${pairs} in ${pairScenarios.length} scenarios, one in ${ONE_IN}, in ${seconds.toFixed(1)} s`);
    printFigure('pairs', { pairs, scenarios: pairScenarios.length });
  });

  it.for(pairScenarios)('violate no invariant: %s', async ([, scenario]) => {
    const outcome = await runOnePairIn(ONE_IN, scenario);
    pairs += outcome.pairs;
    expect(outcome.pairs).toBeGreaterThan(10);
    expect(outcome.unpaired).toEqual([]);
    expect(await explainPair(scenario, outcome)).toBe('');
  });
});
