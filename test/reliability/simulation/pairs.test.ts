// Every crash point × every fault point, of every play.
import { afterAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/figure.ts';
import { explainPair, runEveryPair } from './pairs/enumerate-pairs.ts';
import { pairScenarios } from './pairs/pair-scenarios.ts';

describe.skipIf(process.env.SEED)('a crash in one call and a fault in the next', () => {
  let pairs = 0;
  const startedAt = performance.now();
  afterAll(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`pairs: ${pairs} of ${pairScenarios.length} plays, all of them, in ${seconds.toFixed(1)} s`);
    printFigure('pairs', { pairs, pairScenarios: pairScenarios.length });
  });

  it.for(pairScenarios)('leave every rule kept: %s', async ([, play]) => {
    const outcome = await runEveryPair(play);
    pairs += outcome.pairs;
    expect(outcome.pairs).toBeGreaterThan(10);
    expect(await explainPair(play, outcome)).toBe('');
  });
});
