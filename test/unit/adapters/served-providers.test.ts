// Remembers, within bounds, when each provider last granted a refresh.
import { describe, expect, it } from 'vitest';
import { servedProviders } from '../../../lib/adapters/resilience/served-providers.ts';

describe('servedProviders', () => {
  it('remembers the last time of each provider', () => {
    const served = servedProviders();
    served.note('a', 1);
    served.note('a', 2);
    expect([served.lastServedAt('a'), served.lastServedAt('b')]).toEqual([2, null]);
  });

  it('drops the one that was noted first when there are too many', () => {
    const served = servedProviders();
    for (let number = 0; number < 1_000; number++) served.note(`p${number}`, number);
    served.note('p0', 1_000);
    served.note('new', 1_001);
    expect([served.lastServedAt('p0'), served.lastServedAt('p1'), served.lastServedAt('new')]).toEqual([
      1_000,
      null,
      1_001,
    ]);
  });
});
