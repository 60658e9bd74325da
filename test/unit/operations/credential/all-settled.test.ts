// Concurrent work: all of it ends before the first error is thrown.
import { describe, expect, it } from 'vitest';
import { allSettledOrThrow } from '../../../../lib/steps/credential/all-settled.ts';

describe('allSettledOrThrow', () => {
  it('returns all results in the order of the promises', async () => {
    expect(await allSettledOrThrow([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
  });

  it('rejects with the first error, after all others have settled', async () => {
    const { promise: slow, resolve: end } = Promise.withResolvers<void>();
    let isSettled = false;
    const both = allSettledOrThrow([slow, Promise.reject(new Error('first')), Promise.reject(new Error('second'))]);
    both.catch(() => {
      isSettled = true;
    });
    await new Promise((next) => setImmediate(next));
    expect(isSettled).toBe(false);
    end();
    await expect(both).rejects.toThrow('first');
  });
});
