// Proves that the simulator can fail: each fault put in on purpose must be found out, by the rule that is against it.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/planted-outcome.ts';
import { plantedErasureFaults } from './planted/planted-erasure-faults.ts';
import { plantedRefreshFaults } from './planted/planted-refresh-faults.ts';
import { plantedStateFaults } from './planted/planted-state-faults.ts';
import { plantedWriteFaults } from './planted/planted-write-faults.ts';
import { findFailingSeeds } from './run-seeds.ts';

/** The rarest is found out by one seed in some five thousand. */
const MOST_SEEDS = 20_000;
const stored = { ...plantedStateFaults, ...plantedWriteFaults, ...plantedErasureFaults };

/** Each in the runs where it can show. */
const all = [
  ...Object.entries(stored).map(([name, planted]) => ({ name, planted, subject: 'store' as const })),
  ...Object.entries(plantedRefreshFaults).map(([name, planted]) => ({ name, planted, subject: 'refresh' as const })),
];

describe.skipIf(process.env.SEED)('the simulator', () => {
  it.for(all)('finds out: $name', async ({ name, planted, subject }, context) => {
    const [seed] = await findFailingSeeds({ subject, seeds: MOST_SEEDS, most: 1, planted });
    console.log(`${name}: ${seed === undefined ? 'never found out' : `found out by seed ${seed}`}`);
    const after = seed === undefined ? undefined : `${seed} seeds`;
    reportPlanted(context, { fault: name, caughtBy: `simulation: ${planted.breaks}…`, after });
    expect(seed).toBeDefined();
  });
});
