import { describe, expect, it } from 'vitest';
import { allSettledOrThrow } from '../../../../lib/steps/credential/all-settled.ts';

describe('allEnded', () => {
  it('gives what each gave, in their order', async () => {
    expect(await allSettledOrThrow([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
  });

  it('fails as the first of them, when the others have ended too', async () => {
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
