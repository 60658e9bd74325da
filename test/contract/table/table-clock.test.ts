// The clock of a process is corrected by the Date header of the engine's answers, from the first call on. Errors count too, and no
// other answer does.
import { expect, it } from 'vitest';
import { dynamodbCredentialRefreshStore } from '../../../lib/adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { openTable, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import { type TableClock, tableClock } from '../../../lib/adapters/dynamodb/table-clock.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { CLOCK_ERROR_MILLISECONDS, SLOWEST_ANSWER_MILLISECONDS } from '../../../lib/platform.ts';
import { interceptWire } from '../../support/http/wire-faults.ts';
import { uniqueToken } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const MINUTE = 60_000;
const { name } = await openTestTable();

/** A process whose clock is wrong, and its table. */
const open = (error: number, tableName = name): { clock: TableClock; table: Table } => {
  const clock = tableClock({ ...systemClock, now: () => systemClock.now() + error });
  return { clock, table: openTable(tableName, clock) };
};

const getError = (clock: TableClock): number => clock.now() - systemClock.now();
const expectRight = (clock: TableClock): void =>
  expect(Math.abs(getError(clock))).toBeLessThanOrEqual(CLOCK_ERROR_MILLISECONDS);

const readLease = (table: Table) =>
  dynamodbCredentialRefreshStore(table).readLease({ userId: uniqueToken(), credentialId: 'c1' });

it.each([-10, 10])('corrects a clock that is %i minutes off by the first answer', async (minutes) => {
  const { clock, table } = open(minutes * MINUTE);
  expect(Math.abs(getError(clock))).toBeGreaterThan(9 * MINUTE);
  await readLease(table);
  expectRight(clock);
});

it('corrects the clock by an answer that is an error too', async () => {
  const { clock, table } = open(10 * MINUTE, 'no-such-table');
  await expect(readLease(table)).rejects.toMatchObject({ kind: 'unavailable' });
  expectRight(clock);
});

it('adds no request', async () => {
  const { table } = open(10 * MINUTE);
  let requests = 0;
  interceptWire(table, (_, send) => {
    requests++;
    return send();
  });
  await readLease(table);
  expect(requests).toBe(1);
});

type Headers = Record<string, string>;

/** The engine's answer with other headers: as from a proxy, or from an engine without a date. */
const rewrite = (table: Table, change: (headers: Headers) => void): void =>
  interceptWire(table, async (_, send) => {
    const answer = await send();
    change((answer.response as { headers: Headers }).headers);
    return answer;
  });

it.each<[string, (headers: Headers) => void]>([
  ['has no date', (headers) => delete headers.date],
  ['has a malformed date', (headers) => Object.assign(headers, { date: 'soon' })],
  ['is not by the table', (headers) => delete headers['x-amzn-requestid']],
  ['comes from a cache', (headers) => Object.assign(headers, { age: '3' })],
])('ignores the date of an answer that %s, and keeps its correction', async (_, change) => {
  const { clock, table } = open(10 * MINUTE);
  rewrite(table, change);
  await readLease(table);
  expect(getError(clock)).toBeGreaterThan(9 * MINUTE);
  const known = open(10 * MINUTE);
  await readLease(known.table);
  rewrite(known.table, change);
  await readLease(known.table);
  expectRight(known.clock);
});

it('counts an answer that came too late as timed out, so that the call is repeated', async () => {
  const { clock } = open(0);
  let late = 0;
  const slow: TableClock = { ...clock, read: () => ({ ...clock.read(), now: clock.read().now - late }) };
  const table = openTable(name, slow);
  late = SLOWEST_ANSWER_MILLISECONDS + 1;
  await expect(readLease(table)).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
  late = 0;
  expect(await readLease(table)).toBeNull();
});

it('repeats a request whose signature was refused for its time', async () => {
  const { table } = open(10 * MINUTE);
  interceptWire(table, async () => {
    const $metadata = { clockSkewCorrected: true };
    throw Object.assign(new Error('Signature expired'), { name: 'InvalidSignatureException', $metadata });
  });
  await expect(readLease(table)).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
});
