// Proves that the ordinary suites can fail: each fault is applied to a copy of the project, where its test must fail; without
// the fault the test passes. `npm test` only checks that each fault can still be applied.
import { beforeAll, describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/run/planted-outcome.ts';
import { isProof } from '../../support/run/proof.ts';
import { patchedFaults } from './patched-faults.ts';
import { applyPatches, copyProject, runTests } from './project-copy.ts';

let folder: string;
let withoutFault: Map<string, string>;

beforeAll(async () => {
  folder = copyProject();
  if (!isProof) return;
  withoutFault = await runTests(
    folder,
    Object.values(patchedFaults).map(({ caughtBy }) => caughtBy),
  );
});

it.for(Object.entries(patchedFaults))('%s can be applied', ([, { patches }]) => {
  expect(() => applyPatches(folder, patches)()).not.toThrow();
});

describe.runIf(isProof)('the suites', () => {
  it.for(Object.entries(patchedFaults))('detect: %s', async ([fault, { patches, caughtBy }], context) => {
    const [file, title] = caughtBy;
    const revert = applyPatches(folder, patches);
    const outcome = (await runTests(folder, [caughtBy])).get(title);
    revert();
    const after = outcome === 'failed' ? '1 run' : undefined;
    reportPlanted(context, { fault, caughtBy: `${file}: ${title}`, after });
    expect([withoutFault.get(title), outcome]).toEqual(['passed', 'failed']);
  });
});
