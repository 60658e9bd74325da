// Checks the parts of mutation testing: every rule and operation is in exactly one part.
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeScore, listFiles, readFigures } from '../../reliability/mutation/figures.ts';
import { parts } from '../../reliability/mutation/parts.ts';

/** Files with only types: there is nothing to mutate. */
const ONLY_TYPES = /^lib\/domain\/(?:ports\/|oauth\/token-response\.ts$)/;

const mutated = Object.values(parts).flatMap(({ sources }) => listFiles(sources));

describe('the parts of mutation testing', () => {
  it.each(globSync('lib/{domain,operations,steps,adapters/kms}/**/*.ts').filter((file) => !ONLY_TYPES.test(file)))(
    'hold %s once',
    (file) => {
      expect(mutated.filter((other) => other === file)).toHaveLength(1);
    },
  );

  it.each(Object.entries(parts))('%s names existing sources and tests', (_, { sources, tests }) => {
    const missing = [...sources, ...tests].filter((glob) => globSync(glob).length === 0);
    expect(missing).toEqual([]);
  });

  it('compute a score that weights every mutant equally', () => {
    const figures = { date: '2030-01-01', commit: '', content: '', survivors: [] };
    const many = { ...figures, killed: 80, timedOut: 10, survived: 9, notCovered: 1 };
    const few = { ...figures, killed: 0, timedOut: 0, survived: 100, notCovered: 0 };
    expect([computeScore([many]), computeScore([many, few])]).toEqual([90, 45]);
  });
});

describe('the mutation figures', () => {
  const figures = readFigures();
  const named = Object.entries(parts).map(([name, { aim }]) => ({ name, aim, figure: figures[name] }));

  it.each(named)('of $name reach $aim', ({ aim, figure }) => {
    expect(figure?.score).toBeGreaterThanOrEqual(aim);
  });

  it.each(named.filter(({ aim }) => aim >= 95))('of $name give a reason for each survivor', ({ figure }) => {
    expect(figure?.survivors.filter(({ reason }) => reason === '')).toEqual([]);
  });
});
