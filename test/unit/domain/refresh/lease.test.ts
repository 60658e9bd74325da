// The lease of a refresh: its states over time, the back-off after failures, and its item in the table.
import { describe, expect, it } from 'vitest';
import {
  backOffMilliseconds,
  isLeaseKnown,
  isPausePending,
  keptRefusal,
  type LeaseState,
  leaseState,
  leaseTtlSeconds,
  RefreshLease,
} from '../../../../lib/domain/refresh/lease.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';

const NOW = 1_000_000;
/** The end of a lease that is over by every clock. */
const OVER = NOW - CLOCK_ERROR_MILLISECONDS;
const lease = (given: Partial<RefreshLease> = {}): RefreshLease => ({
  id: 'l',
  tokenRev: 'rev',
  until: NOW + 1,
  held: true,
  rotates: true,
  uncertain: false,
  failures: 0,
  ...given,
});

describe('leaseState', () => {
  const living = { secretRev: 'rev', tokenRev: null, expiresAt: NOW + 1 };
  const expired = { secretRev: 'rev', tokenRev: null, expiresAt: OVER };
  const kept = { secretRev: 'another', tokenRev: 'rev', expiresAt: NOW };
  const free = { kind: 'free', uncertain: false, failures: 0 } as const;

  it.each<[string, RefreshLease | null, Parameters<typeof leaseState>[1], LeaseState]>([
    ['held, on a refresh token that a replacement has kept', lease(), kept, { kind: 'held' }],
    ['none', null, living, free],
    ['held', lease(), expired, { kind: 'held' }],
    ['held, of another secret', lease({ tokenRev: 'x' }), expired, free],
    ['expired by this clock, perhaps not by the holder’s', lease({ until: OVER + 1 }), expired, { kind: 'held' }],
    ['expired this instant, the token valid', lease({ until: OVER }), living, { kind: 'in_doubt' }],
    [
      'expired, the token expired by this clock and perhaps not by another',
      lease({ until: OVER }),
      { ...expired, expiresAt: OVER + 1 },
      { kind: 'in_doubt' },
    ],
    ['expired, the token expired too', lease({ until: OVER }), expired, { ...free, uncertain: true }],
    ['expired, at a provider that does not rotate', lease({ until: OVER, rotates: false }), living, free],
    ['expired, of another secret', lease({ until: NOW, tokenRev: 'x' }), living, free],
    [
      'handed over',
      lease({ held: false, dispatched: true, failures: 3, uncertain: true }),
      expired,
      { kind: 'dispatched', failures: 3, uncertain: true },
    ],
    ['backing off', lease({ held: false }), expired, { kind: 'backing_off', until: NOW + 1 }],
    ['backed off', lease({ held: false, until: NOW, failures: 2 }), living, { ...free, failures: 2 }],
    [
      'backed off after a doubtful attempt',
      lease({ held: false, until: NOW, failures: 2, uncertain: true }),
      expired,
      { kind: 'free', failures: 2, uncertain: true },
    ],
  ])('%s', (_, found, credential, standing) => {
    expect(leaseState(found, credential, NOW)).toEqual(standing);
  });
});

describe('isPausePending', () => {
  // The same access token was stored again, so the row names the secretRev under which it first was.
  const stored = { secretRev: 'next', tokenRev: null, accessRev: 'rev' };
  const holding = lease({ tokenRev: 'rev', nextRev: 'next', until: OVER + 1 });

  it('is true while the holder of the lease may still put a back-off in its place', () => {
    expect(isPausePending(holding, stored, NOW)).toBe(true);
  });

  it.each<[string, RefreshLease | null, Parameters<typeof isPausePending>[1]]>([
    ['there is no lease', null, stored],
    ['the lease is not held', { ...holding, held: false }, stored],
    ['another access token was stored', holding, { ...stored, accessRev: null }],
    ['the lease stored another secret', { ...holding, nextRev: 'other' }, stored],
    ['the lease stored none yet', lease({ tokenRev: 'rev', until: OVER + 1 }), stored],
    ['the lease is over by every clock', { ...holding, until: OVER }, stored],
  ])('is false when %s', (_, found, credential) => {
    expect(isPausePending(found, credential, NOW)).toBe(false);
  });
});

describe('keptRefusal', () => {
  const refusal = { word: '400 x', count: 2, since: 5 };
  const stored = { secretRev: 'rev', tokenRev: null };

  it.each<[string, RefreshLease | null, object]>([
    ['of the same refresh token', lease({ refusal }), { refusal }],
    ['of another refresh token', lease({ refusal, tokenRev: 'other' }), {}],
    ['that counted none', lease(), {}],
    ['of none', null, {}],
  ])('keeps of a lease %s what it counted', (_, found, kept) => {
    expect(keptRefusal(found, stored)).toEqual(kept);
  });
});

describe('isLeaseKnown', () => {
  const stored = { secretRev: 'rev', tokenRev: null };

  it.each([
    ['on the same refresh token', { tokenRev: 'rev' }, stored, true],
    ['on the one before, whose refresh stored this one', { tokenRev: 'old', nextRev: 'rev' }, stored, true],
    [
      'on the one before, kept by a replacement',
      { tokenRev: 'old', nextRev: 'rev' },
      { secretRev: 'x', tokenRev: 'rev' },
      true,
    ],
    ['on the next one', { tokenRev: 'new', nextRev: 'newer' }, stored, false],
    ['on another one', { tokenRev: 'x' }, stored, false],
  ])('of a lease %s', (_, given, credential, known) => {
    expect(isLeaseKnown(lease(given), credential)).toBe(known);
  });
});

describe('backOffMilliseconds', () => {
  it.each([
    [1, null, 0, 500],
    [1, null, 1, 1_000],
    [2, null, 1, 2_000],
    [4, null, 1, 8_000],
    [5, null, 1, 15_000],
    [50, null, 1, 15_000],
    [5_000, null, 0, 7_500],
    [1, 30, 0, 30_000],
    [1, 61, 0, 60_000],
    [5, 1, 1, 15_000],
  ])('after %i failures, asked for %s s, at chance %f is %i ms', (failures, asked, chance, milliseconds) => {
    expect(backOffMilliseconds(failures, asked, chance)).toBe(milliseconds);
  });
});

describe('the item of a lease', () => {
  it('is kept one week longer than the token it makes uncertain', () => {
    expect(leaseTtlSeconds(lease({ until: 5_000 }), 9_000)).toBe(9 + 7 * 86_400);
    expect(leaseTtlSeconds(lease({ until: 5_000 }), null)).toBe(5 + 7 * 86_400);
  });
});

describe('RefreshLease', () => {
  it('is read as written', () => {
    expect(RefreshLease.parse(lease({ failures: 3, uncertain: true }))).toEqual(
      lease({ failures: 3, uncertain: true }),
    );
  });

  it.each([{ until: '5' }, { failures: -1 }, { failures: 0.5 }, { held: undefined }])('rejects %j', (given) => {
    expect(RefreshLease.safeParse({ ...lease(), ...given }).success).toBe(false);
  });
});
