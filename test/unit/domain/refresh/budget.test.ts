// The time limits of a refresh: provider call and all retries of the write fit into the lease, and the lease into the function.
import { describe, expect, it } from 'vitest';
import { fitsBefore, providerMilliseconds, refreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import { FUNCTION_MILLISECONDS, SETTING_BOUNDS } from '../../../../lib/platform.ts';
import { makeContext } from '../../../../local/lambda/lambda-context.ts';

const PROVIDERS = [1, 500, 5_000, SETTING_BOUNDS.EXCHANGE_TIMEOUT_MS.max];

describe('the budget of a refresh', () => {
  it.each(PROVIDERS)('of a provider given %i ms: provider + store < lease < answer < function', (provider) => {
    const { storeMilliseconds, leaseMilliseconds, answerMilliseconds } = refreshBudget(provider);
    const times = [provider + storeMilliseconds, leaseMilliseconds, answerMilliseconds, FUNCTION_MILLISECONDS];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });

  it.each(PROVIDERS)('of a provider given %i ms lets a refresh start right after its lease was taken', (provider) => {
    const budget = refreshBudget(provider);
    expect(fitsBefore(budget, 0, budget.leaseMilliseconds)).toBe(true);
    expect(fitsBefore(budget, 3_001, budget.leaseMilliseconds)).toBe(false);
  });

  it.each(PROVIDERS)(
    'after an exchange of %i ms leaves time to identify the account and to store the result',
    (exchange) => {
      const { storeMilliseconds, answerMilliseconds } = refreshBudget(exchange);
      for (const wanted of [1, 5_000, SETTING_BOUNDS.PROVIDER_TIMEOUT_MS.max]) {
        const identity = providerMilliseconds(wanted, answerMilliseconds - exchange);
        expect(identity).toBeGreaterThan(0);
        expect(exchange + identity + storeMilliseconds).toBeLessThanOrEqual(answerMilliseconds);
      }
    },
  );

  it.each([
    [20_000, undefined, 20_000],
    [20_000, 28_500, 20_000],
    [20_000, 15_000, 10_000],
    [3_000, 7_999, 2_999],
    [3_000, 5_000, 0],
    [3_000, -1, 0],
  ])('gives a request that wants %i ms, of a call with %s ms left, %i ms', (wanted, left, given) => {
    expect(providerMilliseconds(wanted, left)).toBe(given);
  });

  it('lets a refresh start that would end exactly at the limit', () => {
    const budget = refreshBudget(5_000);
    const needed = budget.exchangeMilliseconds + budget.storeMilliseconds;
    expect([needed, needed - 1].map((moment) => fitsBefore(budget, 0, moment))).toEqual([true, false]);
  });

  it.each([
    [1, 13_000],
    [13_000, 13_000],
    [20_000, 20_000],
    [SETTING_BOUNDS.REFRESH_LEASE_SECONDS.max * 1000, 28_000],
    [600_000, 28_500],
  ])('turns a configured lease of %i ms into %i ms', (wanted, made) => {
    expect(refreshBudget(5_000, wanted).leaseMilliseconds).toBe(made);
  });

  it('uses the time limit of the functions', () => {
    const left = makeContext('any', 'request', Date.now()).getRemainingTimeInMillis();
    expect(left).toBeLessThanOrEqual(FUNCTION_MILLISECONDS);
    expect(left).toBeGreaterThan(FUNCTION_MILLISECONDS - 10_000);
  });
});
