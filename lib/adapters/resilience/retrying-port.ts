// Wraps a port so that a call that ends in a PortFault is repeated, limited in time and with jitter. Any call may be repeated:
// each write carries an idempotency token or a condition by which it recognizes its own work.

import { PortFault } from '../../domain/ports/port-fault.ts';
import type { Clock, Random, Sleep } from '../../domain/ports/runtime.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Timing {
  clock: Clock;
  random: Random;
  sleep: Sleep;
}

/** With 1 s for the last attempt, a call ends within five seconds. */
const GIVE_UP_AFTER_MILLISECONDS = 4_000;
/**
 * DynamoDB forgets an idempotency token after ten minutes: a function that was frozen for longer must not repeat its write. Such a
 * pause may be missing from `elapsed`, and `now` may be corrected by some minutes meanwhile.
 */
const TOKEN_KNOWN_MILLISECONDS = 300_000;
const FIRST_WAIT_MILLISECONDS = 20;
const LONGEST_WAIT_MILLISECONDS = 500;

const toServiceError = (fault: PortFault): ServiceError =>
  new ServiceError(fault.kind === 'busy' ? 'store_busy' : 'store_unavailable', { cause: fault });

/** Exponential backoff with full jitter, so that two conflicting callers do not meet again. */
const wait = (tries: number, { random, sleep }: Timing): Promise<void> =>
  sleep(random.fraction() * Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** tries));

/**
 * Repeats the call until it is answered or the time is over. The answer to a repeated call is not used once the token may be
 * forgotten, as after a freeze during the call: a refusal could be due to the caller's own write.
 */
const retry = async <T>(call: () => Promise<T>, timing: Timing): Promise<T> => {
  const { clock } = timing;
  const started = { now: clock.now(), elapsed: clock.elapsed() };
  const waited = () => clock.elapsed() - started.elapsed;
  const isTokenForgotten = () => Math.max(waited(), clock.now() - started.now) >= TOKEN_KNOWN_MILLISECONDS;
  const isLate = () => waited() >= GIVE_UP_AFTER_MILLISECONDS || isTokenForgotten();
  let fault: PortFault | null = null;
  for (let tries = 0; ; tries++) {
    try {
      const answer = await call();
      if (fault !== null && isTokenForgotten()) throw fault;
      return answer;
    } catch (error) {
      if (!(error instanceof PortFault)) throw error;
      fault = error;
      if (!error.retryable || isLate()) throw toServiceError(error);
      await wait(tries, timing);
      if (isLate()) throw toServiceError(error);
    }
  }
};

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** The port with retries. Its methods throw `store_busy` or `store_unavailable` instead of a PortFault. */
export const retryingPort = <P extends object>(port: P, timing: Timing): P =>
  Object.fromEntries(
    Object.entries(port as Record<string, Method>).map(([name, method]) => [
      name,
      (...parameters: unknown[]) => retry(() => method.apply(port, parameters), timing),
    ]),
  ) as P;
