// Proves that the judge can reject what really happens: each fault put in on purpose must be found out by the object that it
// harms, within a bounded number of histories.
import { describe, expect, it } from 'vitest';
import { reportPlanted } from '../../support/planted-outcome.ts';
import type { PlantedFault } from './clients/client-deps.ts';
import { plantedReadFaults } from './planted/planted-read-faults.ts';
import { plantedStateFaults } from './planted/planted-state-faults.ts';
import { plantedWriteFaults } from './planted/planted-write-faults.ts';
import { findRejectedHistory, openClientWires } from './run-histories.ts';

const MOST_HISTORIES = 200;
const seeds = Array.from({ length: MOST_HISTORIES }, (_, index) => index + 1);
const wires = await openClientWires();

const harming = (object: string, faults: Readonly<Record<string, PlantedFault>>) =>
  Object.entries(faults).map(([name, planted]): [string, string, PlantedFault] => [name, object, planted]);

describe.skipIf(process.env.SEED)('the judge', () => {
  it.for([
    ...harming('the user', { ...plantedWriteFaults, ...plantedReadFaults }),
    ...harming('the state', plantedStateFaults),
  ])('rejects: %s', async ([name, object, planted], context) => {
    let played = 0;
    const rejected = await findRejectedHistory(wires, { seeds, planted, onChecked: () => played++ });
    console.log(`${name}: ${rejected ? `rejected after ${played} histories` : 'never rejected'}`);
    const after = rejected && `${played} histories`;
    reportPlanted(context, { fault: name, caughtBy: `histories: no order explains ${object}`, after });
    expect(rejected?.result.violations.join('\n')).toContain(object);
  });
});
