// Several clients call the real operations on the real adapter and table engine at once, with faults on the wire; every recorded
// history must be linearizable. HISTORIES is the number of histories; SEED records one and prints it.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/run/figure.ts';
import { OPERATIONS } from './clients/record-history.ts';
import { wireFaults } from './clients/wire-faults.ts';
import { type CheckedHistory, findRejectedHistory, formatHistory, openClientWires } from './run-histories.ts';
import { addHistory, createStatistics, formatStatistics } from './run-statistics.ts';

const { HISTORIES = '40', SEED } = process.env;
const ONE_HOUR = 3_600_000;

/** The outcomes every run must reach; otherwise it proves nothing about them. */
const REQUIRED_OUTCOMES = [
  ...['add: ok', 'add: credential_exists', 'add: credential_limit', 'add: version_conflict', 'add: unknown'],
  ...['replace: ok', 'replace: credential_not_found', 'replace: version_conflict', 'replace: unknown'],
  ...['rename: ok', 'rename: credential_not_found', 'rename: version_conflict', 'rename: unknown'],
  ...['delete: ok', 'delete: credential_not_found', 'delete: version_conflict', 'delete: unknown'],
  ...['edit: ok', 'edit: credential_not_found', 'edit: version_conflict', 'edit: unknown'],
  ...['list: ok', 'get: ok', 'get: credential_not_found', 'resolve: ok', 'resolve: not_connected'],
  ...['createState: ok', 'consume: ok', 'consume: state_invalid', 'consume: unknown'],
];

const wires = await openClientWires();

describe.runIf(SEED)(`the history of seed ${SEED}`, () => {
  it('is linearizable', async () => {
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
  }, ONE_HOUR);

  it('are all linearizable', () => {
    if (rejected) expect.fail(formatHistory(rejected));
  });

  it('contain unknown outcomes, some that took effect and some that did not', () => {
    expect(statistics.unknownApplied).toBeGreaterThan(0);
    expect(statistics.unknown).toBeGreaterThan(statistics.unknownApplied);
  });

  it.for(wireFaults)('inject the fault: %s', (fault) => {
    expect(statistics.faults.get(fault) ?? 0).toBeGreaterThan(0);
  });

  it.for(REQUIRED_OUTCOMES)('reach the outcome: %s', (outcome) => {
    expect(statistics.outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
  });
});
