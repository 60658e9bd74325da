// What the counted units cost: dollars per million calls of each operation, and a month of 100,000 users. Counted are requests and units;
// assumed are the lines below, which a deployment can read in its own metrics.
import type { Units } from '../measure/figure.ts';
import { listOperations, markdownTable } from './figure-table.ts';
import { FIXED_PER_MONTH, GIGABYTE_SECOND, LOG_GIGABYTE, PER_MILLION, STORAGE } from './prices.ts';

/** Assumed of every call: billed milliseconds at 512 MB, and bytes of its log line. */
export const ASSUMED_CALL = { milliseconds: 15, gigabytes: 0.5, logBytes: 400 } as const;

/** Assumed of a month of 100,000 users. */
export const ASSUMED_MONTH = {
  users: 100_000,
  /** Of each user: two keys and a token that is renewed hourly while in use. */
  credentials: 3,
  storedBytes: 1_500,
  resolves: 1_000,
  /** Of those, the share whose data key is in no memory: traffic over many users is nearly all cold. */
  coldShare: 0.9,
  refreshes: 60,
  lists: 30,
  adds: 0.2,
} as const;

const GIGABYTE = 1e9;
const MILLION = 1e6;
const SIZE = 10;

const findUnits = (units: readonly Units[], operation: string): Units => {
  const row = units.find((candidate) => candidate.operation === operation && candidate.size === SIZE);
  if (!row) throw new Error(`no units of ${operation}`);
  return row;
};

/** The dollars per million calls, by what is paid for. */
export const costParts = ({ readUnits, writeUnits, kmsRequests }: Units) => ({
  table: readUnits * PER_MILLION.readUnits + writeUnits * PER_MILLION.writeUnits,
  kms: kmsRequests * PER_MILLION.kmsRequests,
  lambda:
    PER_MILLION.invocations + (ASSUMED_CALL.milliseconds / 1000) * ASSUMED_CALL.gigabytes * GIGABYTE_SECOND * MILLION,
  api: PER_MILLION.apiRequests,
  logs: (ASSUMED_CALL.logBytes / GIGABYTE) * LOG_GIGABYTE * MILLION,
});

const total = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((sum, dollars) => sum + dollars, 0);

const dollars = (value: number): string => value.toFixed(2);

/** Dollars per million calls of each operation, for a user with ten credentials. */
export const callCostTable = (units: readonly Units[]): string =>
  markdownTable(
    ['a million of', 'table', 'KMS', 'Lambda', 'API', 'logs', 'sum'],
    listOperations(units)
      .filter((operation) => !operation.startsWith('original'))
      .map((operation) => {
        const parts = costParts(findUnits(units, operation));
        const { table, kms, lambda, api, logs } = parts;
        return [operation, ...[table, kms, lambda, api, logs, total(parts)].map(dollars)];
      }),
  );

/** A month of 100,000 users, by what it is spent on. */
export const monthlyCost = (units: readonly Units[]): Record<string, number> => {
  const { users, credentials, storedBytes, resolves, coldShare, refreshes, lists, adds } = ASSUMED_MONTH;
  const per = (operation: string) => total(costParts(findUnits(units, operation)));
  const calls = (perUser: number, perMillion: number) => ((users * perUser) / MILLION) * perMillion;
  const warm = { ...findUnits(units, 'resolve by provider') };
  const cold = total(costParts({ ...warm, kmsRequests: 1 }));
  const stored = (users * credentials * storedBytes) / GIGABYTE;
  return {
    'resolve, data key in memory': calls(resolves * (1 - coldShare), total(costParts(warm))),
    'resolve, data key from KMS': calls(resolves * coldShare, cold),
    refresh: calls(refreshes, per('refresh')),
    list: calls(lists, per('list')),
    add: calls(adds, per('add')),
    'events of refreshes and adds': calls(refreshes + adds, PER_MILLION.events),
    'table and its backup, stored': stored * (STORAGE.table + STORAGE.backup),
    'two secrets, one key': FIXED_PER_MONTH,
  };
};

/** The same as a table with its sum. */
export const monthlyCostTable = (units: readonly Units[]): string => {
  const lines = Object.entries(monthlyCost(units));
  const sum = lines.reduce((all, [, value]) => all + value, 0);
  return markdownTable(
    ['a month of 100,000 users', 'dollars'],
    [...lines, ['sum', sum] as const].map(([name, value]) => [String(name), dollars(Number(value))]),
  );
};
