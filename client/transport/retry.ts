// Repeats a call that the service could not serve now, after the time it names in Retry-After, within a bound. A call that may have
// taken effect is repeated only where a second effect is impossible.
import { KeyholdError } from '../keyhold-error.ts';
import type { Route } from './call.ts';

/** How long a client waits for a service that is busy. */
export interface RetryLimits {
  /** How long after its beginning a call may still be repeated, in milliseconds: attempts and waits together; 0: not at all. */
  maxWaitMilliseconds: number;
}

interface Attempted {
  route: Route;
  hasIfMatch: boolean;
  signal: AbortSignal | undefined;
}

/** Nothing was done: the call was refused before it began. */
const REFUSED: ReadonlySet<string> = new Set(['too_many_requests']);
/** Nothing was stored: what the call needs could not be had, or other writers came first. */
const NOTHING_STORED: ReadonlySet<string> = new Set([
  ...REFUSED,
  'store_busy',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
]);
/** The call may have taken effect. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  ...NOTHING_STORED,
  'store_unavailable',
  'timed_out',
  'unavailable',
  'unreachable',
]);

/** Routes that use up what they are given. */
const ONCE = /\/(?:complete|consume)$/;
const REPEATABLE_METHODS = new Set(['GET', 'PUT', 'PATCH']);
/** A poll of a device connection that is over answers its outcome again. */
const REPEATABLE_POSTS = /\/(?:resolve|check|import|poll)$/;
const ERASE = '/v1/users/{userId}';

const isRepeatable = ({ method, path }: Route): boolean =>
  REPEATABLE_METHODS.has(method) || REPEATABLE_POSTS.test(path) || (method === 'DELETE' && path === ERASE);

const codesToRepeat = ({ route, hasIfMatch }: Attempted): ReadonlySet<string> => {
  if (ONCE.test(route.path)) return REFUSED;
  return isRepeatable(route) && !hasIfMatch ? UNCERTAIN : NOTHING_STORED;
};

/** Where no Retry-After is given, or a shorter one: a loop without a wait would load a service that is busy. */
const LEAST_SECONDS = 1;
/** Callers that were refused together come back apart. */
const JITTER = 0.25;

const waitMilliseconds = ({ retryAfterSeconds = LEAST_SECONDS }: KeyholdError): number =>
  Math.ceil(Math.max(retryAfterSeconds, LEAST_SECONDS) * 1000 * (1 + JITTER * Math.random()));

/** Waits; rejected with the reason of the signal as soon as it is aborted. */
const pause = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((done, failed) => {
    const stop = () => {
      clearTimeout(timer);
      failed(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      done();
    }, milliseconds);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });

/** A connection that was closed meanwhile is worth one more attempt; a service that is not there is not. */
const MAX_UNREACHABLE = 1;

/** Runs `attempt` until it succeeds, fails for good, or could begin again only after the limit; then throws its last error. */
export const retry = async <T>(limits: RetryLimits, given: Attempted, attempt: () => Promise<T>): Promise<T> => {
  const repeated = codesToRepeat(given);
  const lastStart = performance.now() + limits.maxWaitMilliseconds;
  for (let unreachable = 0; ; ) {
    given.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof KeyholdError) || !repeated.has(error.code)) throw error;
      if (error.code === 'unreachable' && ++unreachable > MAX_UNREACHABLE) throw error;
      const wait = waitMilliseconds(error);
      const mayRepeat = performance.now() + wait <= lastStart;
      if (!mayRepeat) throw error;
      await pause(wait, given.signal);
    }
  }
};
