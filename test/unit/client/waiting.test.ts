// How long a call of the client takes at most, on a clock of the test, and what becomes of a token that no header can carry.
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyholdError } from '../../../client/keyhold-error.ts';
import { createUserClient, type UserClient } from '../../../client/user.ts';
import { createWorker } from '../../../client/worker.ts';

const URL_OF_SERVICE = 'http://127.0.0.1:1';
const SECOND = 1000;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setTimerTickMode('nextTimerAsync');
});
afterEach(() => {
  vi.useRealTimers();
});

interface Service {
  /** How long each answer takes, on the test's clock. */
  takesMilliseconds?: number;
  retryAfter?: string;
  maxWaitMilliseconds?: number;
  token?: () => string | Promise<string>;
}

/** More than any bounded call makes: a call that never ends would leave no failed test. */
const MOST_REQUESTS = 100;

/** A client whose service answers 503, and when each request reached it, in milliseconds from the start. */
const startBusy = ({ takesMilliseconds = 0, retryAfter = '0', token = () => 'jwt', maxWaitMilliseconds }: Service) => {
  const start = performance.now();
  const times: number[] = [];
  const fetch: typeof globalThis.fetch = async () => {
    times.push(performance.now() - start);
    if (times.length > MOST_REQUESTS) return Response.json({});
    if (takesMilliseconds > 0) await new Promise((done) => setTimeout(done, takesMilliseconds));
    return Response.json(
      { code: 'store_busy', title: 'Busy' },
      { status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': retryAfter } },
    );
  };
  const user: UserClient = createUserClient({ url: URL_OF_SERVICE, token, maxWaitMilliseconds, fetch });
  return { user, times, elapsed: () => performance.now() - start };
};

const catchError = (promise: Promise<unknown>): Promise<KeyholdError> =>
  promise.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: KeyholdError) => error,
  );

describe('the time of a call', () => {
  it('has at least a second between two attempts, whatever Retry-After says', async () => {
    const { user, times } = startBusy({ retryAfter: '0' });
    expect((await catchError(user.listCredentials())).code).toBe('store_busy');
    expect(times.length).toBeGreaterThan(4);
    expect(times.length).toBeLessThanOrEqual(11);
    for (const [index, time] of times.slice(1).entries()) {
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(SECOND);
    }
  });

  it.each([Number.NaN, 0, -1])('is that of one attempt with %d as the limit', async (maxWaitMilliseconds) => {
    const { user, times } = startBusy({ maxWaitMilliseconds });
    expect((await catchError(user.listCredentials())).code).toBe('store_busy');
    expect(times).toHaveLength(1);
  });

  it('counts the attempts too, so that no attempt begins after the limit', async () => {
    const { user, times, elapsed } = startBusy({ takesMilliseconds: 4.5 * SECOND, retryAfter: '1' });
    expect((await catchError(user.listCredentials())).code).toBe('store_busy');
    expect(times).toHaveLength(2);
    expect(elapsed()).toBeLessThanOrEqual(14 * SECOND);
  });

  it('is bounded when the function that returns the token never answers', async () => {
    const { user, times, elapsed } = startBusy({ token: () => new Promise(() => {}) });
    const error = await catchError(user.listCredentials());
    expect([error.code, error.status]).toEqual(['unreachable', 0]);
    expect(elapsed()).toBeLessThanOrEqual(35 * SECOND);
    expect(times).toEqual([]);
  });

  it('is bounded when the function that returns AWS credentials never answers', async () => {
    const start = performance.now();
    const credentials = () => new Promise<never>(() => {});
    const error = await catchError(createWorker({ url: URL_OF_SERVICE, credentials }).listSystemCredentials());
    expect(error.code).toBe('unreachable');
    expect(performance.now() - start).toBeLessThanOrEqual(35 * SECOND);
  });

  it('is bounded when the service sends a beginning of its answer and no end', async () => {
    const start = performance.now();
    const fetch: typeof globalThis.fetch = async (_, init) => {
      const begin = (stream: ReadableStreamDefaultController) => {
        stream.enqueue(new TextEncoder().encode('{'));
        init?.signal?.addEventListener('abort', () => stream.error(init.signal?.reason));
      };
      return new Response(new ReadableStream({ start: begin }));
    };
    const user = createUserClient({ url: URL_OF_SERVICE, token: () => 'jwt', fetch });
    expect((await catchError(user.listCredentials())).code).toBe('unreachable');
    expect(performance.now() - start).toBeLessThanOrEqual(35 * SECOND);
  });

  it('ends with the signal of the caller while the token is awaited', async () => {
    const { user, times, elapsed } = startBusy({ token: () => new Promise(() => {}) });
    const given = new AbortController();
    setTimeout(() => given.abort(new Error('enough')), 20);
    const error = await catchError(user.listCredentials({ signal: given.signal }));
    expect([error.message, elapsed(), times]).toEqual(['enough', 20, []]);
  });

  it('ends with the reason of the signal, whatever the replaced fetch throws then', async () => {
    const given = new AbortController();
    const fetch: typeof globalThis.fetch = async () => {
      given.abort(new Error('enough'));
      throw new TypeError('stopped');
    };
    const user = createUserClient({ url: URL_OF_SERVICE, token: () => 'jwt', maxWaitMilliseconds: 0, fetch });
    await expect(user.listCredentials({ signal: given.signal })).rejects.toThrow('enough');
  });

  it('ends when the signal was aborted while the token was asked for', async () => {
    const given = new AbortController();
    const token = () => {
      given.abort(new Error('enough'));
      return new Promise<string>(() => {});
    };
    const { user, times } = startBusy({ token });
    await expect(user.listCredentials({ signal: given.signal })).rejects.toThrow('enough');
    expect(times).toEqual([]);
  });

  it('ends with the error of the function that returns the token', async () => {
    const { user, times } = startBusy({ token: () => Promise.reject(new RangeError('signed out')) });
    await expect(user.listCredentials()).rejects.toThrow(new RangeError('signed out'));
    expect(times).toEqual([]);
  });
});

describe('what no header can carry', () => {
  const SECRET = 'eyJ-never-in-an-error';
  const show = (error: Error): string => inspect(error, { depth: null, showHidden: true });

  it.each([`${SECRET}\n${SECRET}`, `${SECRET}\0`, `${SECRET}☃`])(
    'as a token, %j, is an error that does not repeat it',
    async (token) => {
      const { user, times } = startBusy({ token: () => token });
      const error = await catchError(user.listCredentials());
      expect(error).toBeInstanceOf(TypeError);
      expect(show(error)).not.toContain('eyJ');
      expect(times).toEqual([]);
    },
  );

  it('as an AWS session token is an error that does not repeat it', async () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: `${SECRET}\n${SECRET}` };
    const worker = createWorker({ url: URL_OF_SERVICE, credentials, fetch: async () => Response.json({}) });
    const error = await catchError(worker.listSystemCredentials());
    expect(error).toBeInstanceOf(TypeError);
    expect(show(error)).not.toContain('eyJ');
  });

  it('as the key of an API is an error that does not repeat it', async () => {
    const resolved = { credential: {}, headers: { 'x-key': `${SECRET}\n${SECRET}` }, query: {}, tokenRef: 'r' };
    const fetch: typeof globalThis.fetch = async () => Response.json({ ...resolved, baseUrl: 'https://api.example' });
    const error = await catchError(createWorker({ url: URL_OF_SERVICE, fetch }).fetch('alice', '/x'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).not.toBeInstanceOf(KeyholdError);
    expect(show(error)).not.toContain('eyJ');
  });
});
