// Retries of a port: which faults are repeated, how long, and with the same arguments each time.
import { describe, expect, it, vi } from 'vitest';
import { retryingPort } from '../../../lib/adapters/resilience/retrying-port.ts';
import { PortFault } from '../../../lib/domain/ports/port-fault.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { countingRandom, settableClock } from '../../support/memory/memory-deps.ts';

const busy = new PortFault('busy', { retryable: true });
const unavailable = new PortFault('unavailable', { retryable: true });
const final = new PortFault('unavailable', { retryable: false });

/** A port of one method, and the waits between its attempts. */
const patient = (method: (...parameters: unknown[]) => Promise<unknown>) => {
  const clock = settableClock();
  const sleep = vi.fn(async (milliseconds: number) => clock.advance(milliseconds));
  const random = countingRandom();
  random.fraction = () => 0.5;
  return { clock, sleep, port: retryingPort({ method }, { clock, random, sleep }) };
};

const failing = (fault: unknown, times = Number.POSITIVE_INFINITY) => {
  let left = times;
  return vi.fn(async (..._parameters: unknown[]) => {
    if (left-- > 0) throw fault;
    return 'done';
  });
};

describe('retryingPort', () => {
  it('returns a result without waiting', async () => {
    const { port, sleep } = patient(failing(busy, 0));
    expect(await port.method()).toBe('done');
    expect(sleep).not.toHaveBeenCalled();
  });

  it.each([
    ['busy', busy],
    ['unavailable', unavailable],
  ])('repeats a call that was %s', async (_, fault) => {
    const method = failing(fault, 3);
    expect(await patient(method).port.method()).toBe('done');
    expect(method).toHaveBeenCalledTimes(4);
  });

  it('does not repeat a call after a function was frozen for longer than it may retry', async () => {
    const method = failing(busy, 1);
    const { clock, sleep, port } = patient(method);
    sleep.mockImplementationOnce(async () => clock.advance(700_000));
    await expect(port.method()).rejects.toMatchObject({ code: 'store_busy' });
    expect(method).toHaveBeenCalledTimes(1);
  });

  it('does not repeat a call after a freeze that the monotonic clock did not count', async () => {
    const method = failing(busy, 1);
    const { clock, sleep, port } = patient(method);
    const { elapsed } = clock;
    sleep.mockImplementationOnce(async () => {
      const before = elapsed();
      clock.advance(700_000);
      clock.elapsed = () => elapsed() - (700_000 - before);
    });
    await expect(port.method()).rejects.toMatchObject({ code: 'store_busy' });
    expect(method).toHaveBeenCalledTimes(1);
  });

  it('repeats a call while the clock is corrected by a minute', async () => {
    const method = failing(busy, 1);
    const { clock, sleep, port } = patient(method);
    const { now } = clock;
    sleep.mockImplementationOnce(async () => {
      clock.now = () => now() + 60_000;
    });
    expect(await port.method()).toBe('done');
  });

  it('does not trust the answer to a repeated call that came after its idempotency token is forgotten', async () => {
    const { clock, port } = patient(
      vi
        .fn()
        .mockRejectedValueOnce(busy)
        .mockImplementationOnce(async () => {
          clock.advance(700_000);
          return 'refused';
        }),
    );
    await expect(port.method()).rejects.toMatchObject({ code: 'store_busy' });
  });

  it('passes the same arguments to each attempt', async () => {
    const method = failing(busy, 3);
    const write = { token: 't' };
    await patient(method).port.method('user', write);
    for (const parameters of method.mock.calls) {
      expect(parameters[0]).toBe('user');
      expect(parameters[1]).toBe(write);
    }
  });

  it.each([
    ['store_busy', busy],
    ['store_unavailable', unavailable],
  ])('throws %s within five seconds when every attempt fails', async (code, fault) => {
    const { clock, port } = patient(failing(fault));
    const began = clock.now();
    await expect(port.method()).rejects.toMatchObject({ code, cause: fault });
    expect(clock.now() - began).toBeGreaterThanOrEqual(4_000);
    expect(clock.now() - began).toBeLessThan(5_000);
  });

  it('makes no attempt once four seconds have passed', async () => {
    const { clock, port } = patient(async () => {
      clock.advance(4_000);
      throw busy;
    });
    const began = clock.now();
    await expect(port.method()).rejects.toMatchObject({ code: 'store_busy' });
    expect(clock.now() - began).toBe(4_000);
  });

  it('waits longer each time, up to 500 ms, with jitter', async () => {
    const { port, sleep } = patient(failing(busy, 7));
    await port.method();
    expect(sleep.mock.calls.map(([wait]) => wait)).toEqual([10, 20, 40, 80, 160, 250, 250]);
  });

  it('does not repeat a fault that is not retryable', async () => {
    const method = failing(final);
    await expect(patient(method).port.method()).rejects.toMatchObject({ code: 'store_unavailable', cause: final });
    expect(method).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a ServiceError', new ServiceError('credential_exists')],
    ['a bug', new TypeError('x is not a function')],
    ['a thing that is no error', 'text'],
  ])('rethrows %s without a retry', async (_, error) => {
    const method = failing(error);
    await expect(patient(method).port.method()).rejects.toBe(error);
    expect(method).toHaveBeenCalledTimes(1);
  });

  it('rethrows another error after a fault', async () => {
    const error = new Error('bug');
    const method = failing(error).mockRejectedValueOnce(busy);
    await expect(patient(method).port.method()).rejects.toBe(error);
  });

  it('starts the time limit anew for each call', async () => {
    const { port } = patient(failing(busy));
    await port.method().catch(() => {});
    await expect(port.method()).rejects.toMatchObject({ code: 'store_busy' });
  });

  it('wraps every method and keeps its `this`', async () => {
    const port = {
      one: vi.fn().mockRejectedValueOnce(busy).mockResolvedValue(1),
      async two() {
        return this.one();
      },
    };
    const { port: _, ...timing } = { ...patient(failing(busy)), random: countingRandom() };
    const wrapped = retryingPort(port, timing);
    expect(await wrapped.one()).toBe(1);
    expect(await wrapped.two()).toBe(1);
  });
});
