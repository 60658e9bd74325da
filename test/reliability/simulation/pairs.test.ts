// Every crash point × every fault point, of every play.
import { afterAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/figure.ts';
import { explainPair, playEveryPair } from './pairs/every-pair.ts';
import { plays } from './pairs/plays.ts';

describe.skipIf(process.env.SEED)('a crash in one call and a fault in the next', () => {
  let pairs = 0;
  const startedAt = performance.now();
  afterAll(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`pairs: ${pairs} of ${plays.length} plays, all of them, in ${seconds.toFixed(1)} s`);
    printFigure('pairs', { pairs, plays: plays.length });
  });

  it.for(plays)('leave every rule kept: %s', async ([, play]) => {
    const outcome = await playEveryPair(play);
    pairs += outcome.pairs;
    expect(outcome.pairs).toBeGreaterThan(10);
    expect(await explainPair(play, outcome)).toBe('');
  });
});
