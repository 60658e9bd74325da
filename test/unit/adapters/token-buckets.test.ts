// The token buckets: what a caller may take, when there is more, and the bound of their memory.
import { describe, expect, it } from 'vitest';
import { tokenBuckets } from '../../../lib/adapters/resilience/token-buckets.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const open = (perSecond: number, maxBuckets?: number) => {
  const clock = settableClock();
  const limit = tokenBuckets(perSecond, clock, { maxBuckets });
  const takeTimes = (key: string, times: number) => Array.from({ length: times }, () => limit.take(key));
  const countAllowed = (key: string, times: number) => takeTimes(key, times).filter((seconds) => seconds === 0).length;
  return { clock, limit, takeTimes, countAllowed };
};

describe('a token bucket', () => {
  it('allows five seconds’ worth at once, then refuses and says when to come back', () => {
    const { takeTimes } = open(2);
    expect(takeTimes('alice', 12)).toEqual([...Array(10).fill(0), 1, 1]);
  });

  it('fills at its rate, up to its capacity', () => {
    const { clock, countAllowed } = open(2);
    countAllowed('alice', 10);
    clock.advance(499);
    expect(countAllowed('alice', 3)).toBe(0);
    clock.advance(1);
    expect(countAllowed('alice', 3)).toBe(1);
    clock.advance(2_000);
    expect(countAllowed('alice', 9)).toBe(4);
    clock.advance(3_600_000);
    expect(countAllowed('alice', 30)).toBe(10);
  });

  it('does not fill later because of calls that were refused', () => {
    const { clock, countAllowed } = open(1);
    expect(countAllowed('alice', 1_000)).toBe(5);
    clock.advance(1_000);
    expect(countAllowed('alice', 1_000)).toBe(1);
  });

  it('is separate for each key', () => {
    const { countAllowed } = open(1);
    expect(countAllowed('alice', 50)).toBe(5);
    expect(countAllowed('bob', 50)).toBe(5);
  });

  it('takes back a call that must not count, up to its capacity', () => {
    const { limit, countAllowed } = open(1);
    for (let call = 0; call < 50; call++) {
      expect(limit.take('alice')).toBe(0);
      limit.giveBack('alice');
    }
    limit.giveBack('alice');
    expect(countAllowed('alice', 50)).toBe(5);
  });

  it('does not change when the clock goes back, and then fills from there', () => {
    const { clock, countAllowed } = open(1);
    expect(countAllowed('alice', 3)).toBe(3);
    clock.advance(-3_600_000);
    expect(countAllowed('alice', 9)).toBe(2);
    clock.advance(1_000);
    expect(countAllowed('alice', 9)).toBe(1);
  });

  it('refuses nothing at a rate of 0', () => {
    expect(open(0).countAllowed('alice', 100_000)).toBe(100_000);
  });
});

describe('the buckets', () => {
  it('forget the key that was not used for longest when there are too many', () => {
    const { countAllowed } = open(1, 2);
    countAllowed('alice', 5);
    countAllowed('bob', 5);
    expect(countAllowed('alice', 1)).toBe(0);
    expect(countAllowed('carol', 9)).toBe(5);
    expect(countAllowed('alice', 1)).toBe(0);
    expect(countAllowed('bob', 9)).toBe(5);
  });
});
