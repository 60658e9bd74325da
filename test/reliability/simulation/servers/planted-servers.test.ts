// Proves that the simulator of MCP servers can fail: each planted fault must be detected by its invariant within a few hundred seeds.
// `npm test` begins near the seed that showed a fault last, `npm run proof` at the first.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../../support/run/planted-outcome.ts';
import { isProof } from '../../../support/run/proof.ts';
import { withoutStackTraces } from '../run-seeds.ts';
import { plantedServerFaults } from './planted-server-faults.ts';
import { findServerViolations } from './server-rules.ts';
import { simulateServers } from './simulate-servers.ts';

const MAX_SEEDS = 500;

/** Where `npm test` begins for faults that many seeds do not show. */
const FIRST_SEEDS: Readonly<Record<string, number>> = {
  'a client used whether or not it was stored': 130,
  'a grant marked for its client before that is noted': 42,
  'the client of a grant forgotten once another took its place': 22,
  'the present client used for every grant of its issuer': 22,
};

describe.skipIf(process.env.SEED)('the simulator of MCP servers', () => {
  it('knows every fault that begins at a later seed', () => {
    expect(Object.keys(plantedServerFaults)).toEqual(expect.arrayContaining(Object.keys(FIRST_SEEDS)));
  });

  it.for(Object.entries(plantedServerFaults))('detects: %s', async ([fault, { violates, plant }], context) => {
    const isDetected = async (seed: number): Promise<boolean> =>
      findServerViolations(await simulateServers(seed, { planted: plant })).some((text) => text.startsWith(violates));
    let seed = isProof ? 1 : (FIRST_SEEDS[fault] ?? 1);
    await withoutStackTraces(async () => {
      while (seed <= MAX_SEEDS && !(await isDetected(seed))) seed++;
    });
    console.log(`${fault}: ${seed > MAX_SEEDS ? 'not detected' : `detected by seed ${seed}`}`);
    const after = seed > MAX_SEEDS ? undefined : `${seed} seeds`;
    reportPlanted(context, { fault, caughtBy: `simulation: ${violates}…`, after });
    expect(seed).toBeLessThanOrEqual(MAX_SEEDS);
  });
});
