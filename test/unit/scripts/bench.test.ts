// The bench runs: `npm test` counts the units, `npm run proof` measures every figure once. Its times are not looked at: no test
// depends on speed.
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { functionNames } from '../../reliability/bench/backend/bundles.ts';
import type { Findings } from '../../reliability/bench/measure/figure.ts';
import { GROUPS } from '../../reliability/bench/measure/names.ts';
import { makeRatio, median } from '../../reliability/bench/measure/statistics.ts';
import { monthlyCost } from '../../reliability/bench/report/cost.ts';
import { unitChart } from '../../reliability/bench/report/unit-chart.ts';
import { replaceSection } from '../../reliability/bench/report/write-documents.ts';
import { isProof } from '../../support/run/proof.ts';

/** A hang limit. */
const LIMIT_MILLISECONDS = 400_000;

const runBench = async (...args: string[]): Promise<string> => {
  const options = { stdio: ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'] };
  const child = spawn(process.execPath, ['test/reliability/bench/bench.ts', ...args], options);
  return (await child.stdout.setEncoding('utf8').toArray()).join('');
};

const expectedNames = Object.values(GROUPS)
  .flat()
  .flatMap((name) =>
    /^(?:bundle|cold)/.test(name) ? functionNames.map((function_) => `${name}@${function_}`) : [name],
  );

it.runIf(isProof)('finds every figure', { timeout: LIMIT_MILLISECONDS }, async () => {
  const { figures }: Findings = JSON.parse(await runBench('--quick', '--json'));
  expect(figures.map(({ name }) => name).toSorted()).toEqual(expectedNames.toSorted());
  for (const { name, value } of figures) expect(Number.isFinite(value), name).toBe(true);
});

it('counts the same units at every size', { timeout: LIMIT_MILLISECONDS }, async () => {
  const { units }: Findings = JSON.parse(await runBench('--quick', '--json', '--only', 'units'));
  const adds = units.filter(({ operation }) => operation === 'add').map(({ writeUnits }) => writeUnits);
  expect(adds).toHaveLength(4);
  expect(new Set(adds).size).toBe(1);
  expect(Object.values(monthlyCost(units)).every((dollars) => dollars > 0)).toBe(true);
  expect(unitChart(units)).toMatch(/^<svg [\s\S]*resolve by provider[\s\S]*<\/svg>\n$/);
});

it('takes the median of an odd and of an even number of rounds', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});

it('divides round by round', () => {
  const figure = makeRatio({ name: 'n', compares: 'c' }, { ours: [2, 9, 4], floor: [1, 3, 4] });
  expect(figure).toMatchObject({ value: 2, low: 1, high: 3, rounds: 3, unit: 'x' });
});

it('replaces a section between its markers, and refuses a document without them', () => {
  expect(replaceSection('a <!-- n -->old<!-- /n --> b', 'n', 'new')).toBe('a <!-- n -->\n\nnew\n\n<!-- /n --> b');
  expect(() => replaceSection('a', 'n', 'new')).toThrow('no section n');
});
