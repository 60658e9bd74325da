// Prints one table of all planted faults and what detected each, for `npm run test:planted`.
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { textTable } from '../../../scripts/text-table.ts';
import { printFigure } from './figure.ts';
import './planted-outcome.ts';

const isCaught = (test: TestCase): boolean => test.result().state === 'passed';

const makeRow = (test: TestCase): string[] => {
  const { fault, caughtBy, after } = test.meta().planted ?? {};
  return [fault ?? test.name, caughtBy ?? '', after ?? 'never', isCaught(test) ? 'ok' : 'NOT CAUGHT'];
};

const complaints = (module: TestModule): string[] => [
  ...module.errors().map(({ message }) => `${module.relativeModuleId}: ${message}`),
  ...[...module.children.allTests('failed')].flatMap((test) =>
    (test.result().errors ?? []).map(({ message }) => `${test.fullName}: ${message}`),
  ),
];

export default class PlantedTableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const planted = tests.filter((test) => test.meta().planted !== undefined);
    console.log(textTable(['fault', 'caught by', 'after', ''], planted.map(makeRow)));
    for (const complaint of modules.flatMap(complaints)) console.log(complaint);
    printFigure('planted faults', { planted: planted.length, caught: planted.filter(isCaught).length });
  }
}
