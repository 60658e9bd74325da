// The real operations on the real adapter and the engine, called by several clients at once, with faults on the wire; each
// history must have an explanation. `HISTORIES` says how many, `SEED` plays one and tells it.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/figure.ts';
import { OPERATIONS } from './clients/record-history.ts';
import { wireFaults } from './clients/wire-faults.ts';
import { type CheckedHistory, findRejectedHistory, formatHistory, openClientWires } from './run-histories.ts';
import { addHistory, createStatistics, formatStatistics } from './run-statistics.ts';

const { HISTORIES = '60', SEED } = process.env;
const AN_HOUR = 3_600_000;

/** What a run of any size must have come across, or it proves nothing. */
const MAIN_OUTCOMES = [
  ...['add: ok', 'add: credential_exists', 'add: credential_limit', 'add: version_conflict', 'add: unknown'],
  ...['replace: ok', 'replace: credential_not_found', 'replace: version_conflict', 'replace: unknown'],
  ...['rename: ok', 'rename: credential_not_found', 'rename: version_conflict', 'rename: unknown'],
  ...['delete: ok', 'delete: credential_not_found', 'delete: version_conflict', 'delete: unknown'],
  ...['edit: ok', 'edit: credential_not_found', 'edit: version_conflict', 'edit: unknown'],
  ...['list: ok', 'get: ok', 'get: credential_not_found', 'resolve: ok', 'resolve: not_connected'],
  ...['createState: ok', 'consume: ok', 'consume: state_invalid', 'consume: unknown'],
];

const wires = await openClientWires();

describe.runIf(SEED)('one seed', () => {
  it('is played and told', async () => {
    const formatted: string[] = [];
    const onChecked = (checked: CheckedHistory) => formatted.push(formatHistory(checked));
    const rejected = await findRejectedHistory(wires, { seeds: [Number(SEED)], onChecked });
    console.log(formatted.join('\n'));
    expect(rejected).toBeUndefined();
  });
});

describe.skipIf(SEED)(`${HISTORIES} histories of ${OPERATIONS} operations`, () => {
  const statistics = createStatistics();
  let rejected: CheckedHistory | undefined;

  beforeAll(async () => {
    const startedAt = performance.now();
    const seeds = Array.from({ length: Number(HISTORIES) }, (_, index) => index + 1);
    rejected = await findRejectedHistory(wires, { seeds, onChecked: (checked) => addHistory(statistics, checked) });
    console.log(formatStatistics(statistics, (performance.now() - startedAt) / 1000, OPERATIONS));
    const { histories, violations, unknown } = statistics;
    printFigure('histories', { histories, operations: OPERATIONS, violations, unknown });
  }, AN_HOUR);

  it('can all be explained by an order of what was done', () => {
    if (rejected) expect.fail(formatHistory(rejected));
  });

  it('have outcomes nobody knows, of which some took effect and some did not', () => {
    expect(statistics.unknownApplied).toBeGreaterThan(0);
    expect(statistics.unknown).toBeGreaterThan(statistics.unknownApplied);
  });

  it.for(wireFaults)('met the fault: %s', (fault) => {
    expect(statistics.faults.get(fault) ?? 0).toBeGreaterThan(0);
  });

  it.for(MAIN_OUTCOMES)('came to the outcome: %s', (outcome) => {
    expect(statistics.outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
  });
});
