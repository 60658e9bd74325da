// Proves that the simulator can fail: each planted fault must be detected by its invariant within a bounded number of seeds.
// `npm run proof` plays the scenarios of the suites; `npm test` narrows those of the rare faults.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/run/planted-outcome.ts';
import { isProof } from '../../support/run/proof.ts';
import { plantedConnectFaults, plantedThawFaults } from './planted/planted-connect-faults.ts';
import { plantedErasureFaults, plantedLateLease } from './planted/planted-erasure-faults.ts';
import { plantedGrantFaults } from './planted/planted-grant-faults.ts';
import { plantedIndexFaults } from './planted/planted-index-faults.ts';
import { plantedLinkFaults } from './planted/planted-link-faults.ts';
import { plantedRefreshFaults } from './planted/planted-refresh-faults.ts';
import { plantedStateFaults } from './planted/planted-state-faults.ts';
import { plantedWriteFaults } from './planted/planted-write-faults.ts';
import { findFailingSeeds } from './run-seeds.ts';

/** The rarest fault shows in about one seed of five thousand. */
const MAX_SEEDS = 20_000;
const storeFaults = { ...plantedStateFaults, ...plantedWriteFaults, ...plantedIndexFaults, ...plantedErasureFaults };

const refreshFaults = { ...plantedRefreshFaults, ...plantedGrantFaults, ...plantedLateLease, ...plantedThawFaults };

/** Each with the subject whose runs can show it. */
const cases = [
  ...Object.entries(storeFaults).map(([name, planted]) => ({ name, planted, subject: 'store' as const })),
  ...Object.entries(refreshFaults).map(([name, planted]) => ({ name, planted, subject: 'refresh' as const })),
  ...Object.entries(plantedLinkFaults).map(([name, planted]) => ({ name, planted, subject: 'link' as const })),
  ...Object.entries(plantedConnectFaults).map(([name, planted]) => ({ name, planted, subject: 'connect' as const })),
];

describe.skipIf(process.env.SEED)('the simulator', () => {
  it.for(cases)('detects: $name', async ({ name, planted, subject }, context) => {
    const played = isProof ? { ...planted, narrows: undefined } : planted;
    const [seed] = await findFailingSeeds({ subject, seeds: MAX_SEEDS, most: 1, planted: played });
    console.log(`${name}: ${seed === undefined ? 'not detected' : `detected by seed ${seed}`}`);
    const after = seed === undefined ? undefined : `${seed} seeds`;
    reportPlanted(context, { fault: name, caughtBy: `simulation: ${planted.violates}…`, after });
    expect(seed).toBeDefined();
  });
});
