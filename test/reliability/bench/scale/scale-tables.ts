// The simulations of docs/scale.md as tables.
import { markdownTable } from '../report/figure-table.ts';
import { simulatePartitions } from './partition-load.ts';
import { simulateOutage } from './provider-outage.ts';

const SKEWS = [0.5, 0.7, 0.8, 0.9, 1];
const OUTAGES = [10, 60, 240];
const CAPACITIES = [2_500, 5_000, 10_000];

const round = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The load of the partitions by skew. */
export const partitionTable = (): string =>
  markdownTable(
    ['skew', 'partitions', 'heaviest user, resolves/s', 'busiest partition, of its limit', 'partitions over it'],
    SKEWS.map(simulatePartitions).map(({ skew, partitions, heaviestUser, busiestShare, overloaded }) => [
      ...[String(skew), round(partitions), round(heaviestUser)],
      ...[`${round(busiestShare * 100)} %`, round(overloaded)],
    ]),
  );

/** Outages of several lengths, at several capacities. */
export const outageTable = (): string =>
  markdownTable(
    [
      ...['outage, min', 'renewals/s', 'expired at most', 'refused/s', 'calls/s while down'],
      ...['calls/s after', 'write units/s', 'drained after, min'],
    ],
    OUTAGES.flatMap((minutes) => CAPACITIES.map((capacity) => simulateOutage(minutes, capacity))).map((result) => [
      ...[round(result.minutes), round(result.capacity), round(result.expired), round(result.refused)],
      ...[round(result.callsDown), round(result.callsAfter), round(result.writeUnits)],
      Number.isFinite(result.drainMinutes) ? round(result.drainMinutes) : 'never',
    ]),
  );
