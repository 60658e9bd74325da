// Proves that the simulator of MCP servers can fail: each planted fault must be detected by its invariant within a few hundred seeds.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../../support/run/planted-outcome.ts';
import { withoutStackTraces } from '../run-seeds.ts';
import { plantedServerFaults } from './planted-server-faults.ts';
import { findServerViolations } from './server-rules.ts';
import { simulateServers } from './simulate-servers.ts';

const MAX_SEEDS = 500;

describe.skipIf(process.env.SEED)('the simulator of MCP servers', () => {
  it.for(Object.entries(plantedServerFaults))('detects: %s', async ([fault, { violates, plant }], context) => {
    const isDetected = async (seed: number): Promise<boolean> =>
      findServerViolations(await simulateServers(seed, { planted: plant })).some((text) => text.startsWith(violates));
    let seed = 1;
    await withoutStackTraces(async () => {
      while (seed <= MAX_SEEDS && !(await isDetected(seed))) seed++;
    });
    console.log(`${fault}: ${seed > MAX_SEEDS ? 'not detected' : `detected by seed ${seed}`}`);
    const after = seed > MAX_SEEDS ? undefined : `${seed} seeds`;
    reportPlanted(context, { fault, caughtBy: `simulation: ${violates}…`, after });
    expect(seed).toBeLessThanOrEqual(MAX_SEEDS);
  });
});
