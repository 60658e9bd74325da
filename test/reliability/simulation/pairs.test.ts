// Every crash point of one call with every fault point of the next, in every scenario.
import { afterAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/run/figure.ts';
import { explainPair, runEveryPair } from './pairs/enumerate-pairs.ts';
import { pairScenarios } from './pairs/pair-scenarios.ts';

describe.skipIf(process.env.SEED)('a crash in one call and a fault in the next', () => {
  let pairs = 0;
  const startedAt = performance.now();
  afterAll(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`pairs: ${pairs} in ${pairScenarios.length} scenarios, every one, in ${seconds.toFixed(1)} s`);
    printFigure('pairs', { pairs, scenarios: pairScenarios.length });
  });

  it.for(pairScenarios)('violate no invariant: %s', async ([, scenario]) => {
    const outcome = await runEveryPair(scenario);
    pairs += outcome.pairs;
    expect(outcome.pairs).toBeGreaterThan(10);
    expect(await explainPair(scenario, outcome)).toBe('');
  });
});
