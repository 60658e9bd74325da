// A cached value: when it is fetched again, what concurrent readers share, and what is answered while fetching fails.
import { describe, expect, it, vi } from 'vitest';
import { cachedValue } from '../../../lib/adapters/resilience/cached-value.ts';
import { MINUTE } from '../../support/builders.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const HOUR = 60 * MINUTE;

/** A reader whose source gives 1, 2, 3… */
const counting = (maxAgeMilliseconds = MINUTE) => {
  const clock = settableClock();
  let count = 0;
  const fetch = vi.fn(async () => ++count);
  const onFailure = vi.fn();
  return { clock, fetch, onFailure, read: cachedValue({ fetch, maxAgeMilliseconds, clock, onFailure }) };
};

/** A source whose answers the test gives by hand. */
const byHand = () => {
  const flights: PromiseWithResolvers<string>[] = [];
  const fetch = vi.fn(() => {
    const flight = Promise.withResolvers<string>();
    flights.push(flight);
    return flight.promise;
  });
  const clock = settableClock();
  return { flights, fetch, clock, read: cachedValue({ fetch, maxAgeMilliseconds: MINUTE, clock }) };
};

describe('cachedValue', () => {
  it('fetches nothing before the first read', () => {
    expect(counting().fetch).not.toHaveBeenCalled();
  });

  it('fetches with pastCache although the value is fresh, and caches the result', async () => {
    const { fetch, read } = counting();
    expect([await read(), await read({ pastCache: true }), await read()]).toEqual([1, 2, 2]);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('caches a value up to its maximum age', async () => {
    const { clock, fetch, read } = counting();
    expect(await read()).toBe(1);
    clock.advance(MINUTE - 1);
    expect(await read()).toBe(1);
    clock.advance(1);
    expect(await read()).toBe(2);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('counts the age from the end of the fetch', async () => {
    const { flights, fetch, clock, read } = byHand();
    const first = read();
    clock.advance(MINUTE);
    flights[0]?.resolve('a');
    await first;
    clock.advance(MINUTE - 1);
    await read();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('fetches on every call when the maximum age is 0', async () => {
    const { read } = counting(0);
    expect([await read(), await read(), await read()]).toEqual([1, 2, 3]);
  });

  it('caches null', async () => {
    const fetch = vi.fn(async () => null);
    const read = cachedValue({ fetch, maxAgeMilliseconds: MINUTE, clock: settableClock() });
    expect([await read(), await read()]).toEqual([null, null]);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('shares one fetch among concurrent readers', async () => {
    const { flights, fetch, read } = byHand();
    const all = Array.from({ length: 50 }, () => read());
    flights[0]?.resolve('a');
    expect(new Set(await Promise.all(all))).toEqual(new Set(['a']));
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('cachedValue while fetching fails', () => {
  it('throws the error of the fetch when there is no earlier value', async () => {
    const { fetch, read } = counting();
    const error = new Error('down');
    fetch.mockRejectedValue(error);
    await expect(read()).rejects.toBe(error);
  });

  it('does not cache a failure', async () => {
    const { fetch, read } = counting();
    fetch.mockRejectedValueOnce(new Error('down'));
    await read().catch(() => {});
    expect(await read()).toBe(1);
  });

  it('fails all readers that share a failed fetch, and no later reader', async () => {
    const { flights, read } = byHand();
    const shared = [read(), read()];
    flights[0]?.reject(new Error('down'));
    const outcomes = await Promise.allSettled(shared);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = read();
    flights[1]?.resolve('b');
    expect(await next).toBe('b');
  });

  it('fetches again after a fetch that throws synchronously', async () => {
    const fetch = vi.fn<() => Promise<string>>(async () => 'fine');
    fetch.mockImplementationOnce(() => {
      throw new Error('at once');
    });
    const read = cachedValue({ fetch, maxAgeMilliseconds: MINUTE, clock: settableClock() });
    await read().catch(() => {});
    expect(await read()).toBe('fine');
  });

  it.each([
    [HOUR - 1, true],
    [HOUR, false],
  ])('returns the last good value at the age of %i ms: %s', async (age, serves) => {
    const { clock, fetch, read } = counting();
    await read();
    fetch.mockRejectedValue(new Error('down'));
    clock.advance(age);
    await (serves ? expect(read()).resolves.toBe(1) : expect(read()).rejects.toThrow('down'));
  });

  it('waits 30 s between two failing fetches', async () => {
    const { clock, fetch, read } = counting();
    await read();
    fetch.mockRejectedValue(new Error('down'));
    clock.advance(MINUTE);
    await read();
    clock.advance(29_999);
    await read();
    expect(fetch).toHaveBeenCalledTimes(2);
    clock.advance(1);
    await read();
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('waits no longer than the maximum age between two failing fetches', async () => {
    const { clock, fetch, read } = counting(1_000);
    await read();
    fetch.mockRejectedValue(new Error('down'));
    clock.advance(1_000);
    await read();
    clock.advance(1_000);
    await read();
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('fetches on every call when the maximum age is 0, and returns the last good value', async () => {
    const { fetch, read } = counting(0);
    await read();
    fetch.mockRejectedValue(new Error('down'));
    expect([await read(), await read()]).toEqual([1, 1]);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('returns the new value when the source works again', async () => {
    const { clock, fetch, read } = counting();
    await read();
    fetch.mockRejectedValueOnce(new Error('down'));
    clock.advance(MINUTE);
    expect(await read()).toBe(1);
    clock.advance(30_000);
    expect(await read()).toBe(2);
  });

  it('calls onFailure for each failed fetch', async () => {
    const { clock, fetch, onFailure, read } = counting();
    const error = new Error('down');
    fetch.mockRejectedValueOnce(error);
    await read().catch(() => {});
    await read();
    fetch.mockRejectedValueOnce(error);
    clock.advance(MINUTE);
    await read();
    expect(onFailure.mock.calls).toEqual([[error], [error]]);
  });
});
