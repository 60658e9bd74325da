// How long an access token must still be valid to be used without a refresh.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFresh } from '../../../../lib/domain/refresh/freshness.ts';

const SECOND = 1000;
const NOW = 1_900_000_000_000;

/** A token with a lifetime in seconds, of which the given milliseconds are left. */
const token = (lifeSeconds: number, leftMilliseconds: number) => ({
  expiresAt: NOW + leftMilliseconds,
  secretStoredAt: NOW + leftMilliseconds - lifeSeconds * SECOND,
});

describe('isFresh', () => {
  it('is true for a token that never expires', () => {
    expect(isFresh({ expiresAt: null, secretStoredAt: 0 }, 86_400, NOW)).toBe(true);
  });

  it.each([
    ['the minimum is left', 3600, 300_000, 300, true],
    ['a millisecond less', 3600, 299_999, 300, false],
    ['a life just above the minimum keeps to it', 301, 300_000, 300, true],
    ['a life just above the minimum, half of it left', 301, 150_500, 300, false],
    ['a life of exactly the minimum, half of it left', 300, 150_000, 300, true],
    ['a life of exactly the minimum, less than half', 300, 149_999, 300, false],
    ['a short life, half of it left', 60, 30_000, 300, true],
    ['a short life, less than half', 60, 29_999, 300, false],
    ['a short life, all of it left', 60, 60_000, 300, true],
    ['no minimum, a millisecond left', 3600, 1, 0, true],
    ['no minimum, expired', 3600, 0, 0, false],
    ['expired', 3600, -1, 300, false],
    ['stored already expired', -10, -1, 300, false],
  ])('%s', (_, life, left, minTtl, fresh) => {
    expect(isFresh(token(life, left), minTtl, NOW)).toBe(fresh);
  });

  it('is false for an expired token', () => {
    fc.assert(
      fc.property(
        fc.integer({ max: 0, min: -1e9 }),
        fc.integer({ min: -1e6, max: 1e6 }),
        fc.nat(86_400),
        (left, life, minTtl) => {
          expect(isFresh(token(life, left), minTtl, NOW)).toBe(false);
        },
      ),
    );
  });

  it('never becomes true again once it was false', () => {
    fc.assert(
      fc.property(fc.nat(1e5), fc.nat(1e6), fc.nat(1000), fc.nat(1e6), (life, left, minTtl, later) => {
        const one = token(life, left);
        if (!isFresh(one, minTtl, NOW)) expect(isFresh(one, minTtl, NOW + later)).toBe(false);
      }),
    );
  });
});
