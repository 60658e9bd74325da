// Proves that the checker can reject real histories: each planted fault must make the affected object not linearizable within a
// bounded number of histories.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/run/planted-outcome.ts';
import { isProof } from '../../support/run/proof.ts';
import type { PlantedFault } from './clients/client-deps.ts';
import { plantedReadFaults } from './planted/planted-read-faults.ts';
import { plantedStateFaults } from './planted/planted-state-faults.ts';
import { plantedWriteFaults } from './planted/planted-write-faults.ts';
import { findRejectedHistory, openClientWires } from './run-histories.ts';

const MAX_HISTORIES = 200;
const seeds = Array.from({ length: MAX_HISTORIES }, (_, index) => index + 1);

/** The faults that take the most histories, which `npm test` leaves to `npm run proof`. */
const SLOW = [
  'a replacement without a condition on the row',
  'an eventually consistent read of the first credential',
  'a new idempotency token for each retry, so that a write takes effect twice',
];

const wires = await openClientWires();

const affecting = (object: string, faults: Readonly<Record<string, PlantedFault>>) =>
  Object.entries(faults)
    .filter(([name]) => isProof || !SLOW.includes(name))
    .map(([name, planted]): [string, string, PlantedFault] => [name, object, planted]);

describe.skipIf(process.env.SEED)('the checker', () => {
  it.for([
    ...affecting('the user', { ...plantedWriteFaults, ...plantedReadFaults }),
    ...affecting('the state', plantedStateFaults),
  ])('rejects: %s', async ([name, object, planted], context) => {
    let recorded = 0;
    const rejected = await findRejectedHistory(wires, { seeds, planted, onChecked: () => recorded++ });
    console.log(`${name}: ${rejected ? `rejected after ${recorded} histories` : 'not rejected'}`);
    const after = rejected && `${recorded} histories`;
    reportPlanted(context, { fault: name, caughtBy: `histories: ${object} is not linearizable`, after });
    expect(rejected?.result.violations.join('\n')).toContain(object);
  });
});
