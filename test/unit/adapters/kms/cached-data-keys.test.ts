// The cache of decrypted data keys: how long a key is kept, for which context, and how many are kept.
import { describe, expect, it, vi } from 'vitest';
import { cachedDataKeys } from '../../../../lib/adapters/kms/cached-data-keys.ts';
import type { DataKeys } from '../../../../lib/adapters/kms/kms-data-keys.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { settableClock } from '../../../support/memory/memory-deps.ts';

const CONTEXT = { user: 'u', credentialId: 'c', purpose: 'credential' };
const wrappedKey = (number: number) => Uint8Array.from([number & 255, number >> 8]);

const cached = () => {
  const clock = settableClock();
  const unwrap = vi.fn<DataKeys['unwrap']>(async (wrapped) => Uint8Array.from(wrapped).reverse());
  const generate = vi.fn<DataKeys['generate']>(async () => ({ plain: wrappedKey(1), wrapped: wrappedKey(2) }));
  return { clock, unwrap, generate, keys: cachedDataKeys({ unwrap, generate }, clock) };
};

describe('cachedDataKeys', () => {
  it('unwraps a key once', async () => {
    const { keys, unwrap } = cached();
    expect(await keys.unwrap(wrappedKey(258), CONTEXT)).toEqual(Uint8Array.from([1, 2]));
    expect(await keys.unwrap(wrappedKey(258), { ...CONTEXT })).toEqual(Uint8Array.from([1, 2]));
    expect(unwrap).toHaveBeenCalledTimes(1);
  });

  it.each([
    [299_999, 1],
    [300_000, 2],
  ])('after %i ms has unwrapped %i times', async (age, times) => {
    const { clock, keys, unwrap } = cached();
    await keys.unwrap(wrappedKey(1), CONTEXT);
    clock.advance(age);
    await keys.unwrap(wrappedKey(1), CONTEXT);
    expect(unwrap).toHaveBeenCalledTimes(times);
  });

  it('does not extend the age of a key by using it', async () => {
    const { clock, keys, unwrap } = cached();
    await keys.unwrap(wrappedKey(1), CONTEXT);
    clock.advance(299_999);
    await keys.unwrap(wrappedKey(1), CONTEXT);
    clock.advance(1);
    await keys.unwrap(wrappedKey(1), CONTEXT);
    expect(unwrap).toHaveBeenCalledTimes(2);
  });

  it('shares one call among concurrent readers', async () => {
    const { keys, unwrap } = cached();
    await Promise.all(Array.from({ length: 20 }, () => keys.unwrap(wrappedKey(1), CONTEXT)));
    expect(unwrap).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['another wrapped key', wrappedKey(2), CONTEXT],
    ['another user', wrappedKey(1), { ...CONTEXT, user: 'v' }],
    ['another credential', wrappedKey(1), { ...CONTEXT, credentialId: 'd' }],
    ['another purpose', wrappedKey(1), { ...CONTEXT, purpose: 'managed' }],
    ['values that changed places', wrappedKey(1), { ...CONTEXT, user: 'c', credentialId: 'u' }],
    ['less of a context', wrappedKey(1), { user: 'u' }],
  ])('unwraps again for %s', async (_, wrapped, context) => {
    const { keys, unwrap } = cached();
    await keys.unwrap(wrappedKey(1), CONTEXT);
    await keys.unwrap(wrapped, context);
    expect(unwrap).toHaveBeenLastCalledWith(wrapped, context);
    expect(unwrap).toHaveBeenCalledTimes(2);
  });

  it('ignores the order of names in a context', async () => {
    const { keys, unwrap } = cached();
    await keys.unwrap(wrappedKey(1), CONTEXT);
    await keys.unwrap(wrappedKey(1), { purpose: 'credential', credentialId: 'c', user: 'u' });
    expect(unwrap).toHaveBeenCalledTimes(1);
  });

  it('does not cache a failure', async () => {
    const { keys, unwrap } = cached();
    unwrap.mockRejectedValueOnce(new ServiceError('keys_unavailable'));
    await expect(keys.unwrap(wrappedKey(1), CONTEXT)).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(keys.unwrap(wrappedKey(1), CONTEXT)).resolves.toBeDefined();
  });

  it('keeps a newer success when an older call fails late', async () => {
    const { clock, keys, unwrap } = cached();
    const late = Promise.withResolvers<Uint8Array>();
    unwrap.mockReturnValueOnce(late.promise);
    const first = keys.unwrap(wrappedKey(1), CONTEXT);
    clock.advance(300_000);
    await keys.unwrap(wrappedKey(1), CONTEXT);
    late.reject(new Error('late'));
    await first.catch(() => {});
    await keys.unwrap(wrappedKey(1), CONTEXT);
    expect(unwrap).toHaveBeenCalledTimes(2);
  });

  it('keeps a thousand keys and evicts the oldest', async () => {
    const { keys, unwrap } = cached();
    for (let n = 0; n < 1_001; n++) await keys.unwrap(wrappedKey(n), CONTEXT);
    unwrap.mockClear();
    await keys.unwrap(wrappedKey(1), CONTEXT);
    await keys.unwrap(wrappedKey(1_000), CONTEXT);
    expect(unwrap).not.toHaveBeenCalled();
    await keys.unwrap(wrappedKey(0), CONTEXT);
    expect(unwrap).toHaveBeenCalledTimes(1);
  });

  it('counts a key unwrapped again as the newest', async () => {
    const { clock, keys, unwrap } = cached();
    for (let n = 0; n < 1_000; n++) await keys.unwrap(wrappedKey(n), CONTEXT);
    clock.advance(300_000);
    await keys.unwrap(wrappedKey(0), CONTEXT);
    await keys.unwrap(wrappedKey(1_000), CONTEXT);
    unwrap.mockClear();
    await keys.unwrap(wrappedKey(0), CONTEXT);
    expect(unwrap).not.toHaveBeenCalled();
  });

  it('generates a new key each time', async () => {
    const { generate, keys } = cached();
    await keys.generate(CONTEXT);
    await keys.generate(CONTEXT);
    expect(generate.mock.calls).toEqual([[CONTEXT], [CONTEXT]]);
  });
});
