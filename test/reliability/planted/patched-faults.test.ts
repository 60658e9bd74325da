// Proves that the ordinary suites can fail: each fault is put into a copy of the project, and the very test that is there to
// catch it fails; without the fault it passes.
import { beforeAll, describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/planted-outcome.ts';
import { patchedFaults } from './patched-faults.ts';
import { copyProject, plant, runTests } from './project-copy.ts';

let folder: string;
let without: Map<string, string>;

beforeAll(async () => {
  folder = copyProject();
  without = await runTests(
    folder,
    Object.values(patchedFaults).map(({ caughtBy }) => caughtBy),
  );
});

describe('the suites', () => {
  it.for(Object.entries(patchedFaults))('find out: %s', async ([fault, { patches, caughtBy }], context) => {
    const [file, title] = caughtBy;
    const takeOut = plant(folder, patches);
    const outcome = (await runTests(folder, [caughtBy])).get(title);
    takeOut();
    const after = outcome === 'failed' ? '1 run' : undefined;
    reportPlanted(context, { fault, caughtBy: `${file}: ${title}`, after });
    expect([without.get(title), outcome]).toEqual(['passed', 'failed']);
  });
});
