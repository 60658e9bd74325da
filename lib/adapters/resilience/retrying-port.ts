// Wraps a port so that its faults are tried again, bounded and jittered. It may repeat any call, since every write names
// itself and finds its own work done; what is left at the end is an honest "not now".

import { PortFault } from '../../domain/ports/port-fault.ts';
import type { Clock, Random, Sleep } from '../../domain/ports/runtime.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Timing {
  clock: Clock;
  random: Random;
  sleep: Sleep;
}

/** With the last attempt's own second, a call ends within five. */
const GIVE_UP_AFTER_MILLISECONDS = 4_000;
const FIRST_WAIT_MILLISECONDS = 20;
const LONGEST_WAIT_MILLISECONDS = 500;

const asServiceError = (fault: PortFault): ServiceError =>
  new ServiceError(fault.kind === 'busy' ? 'store_busy' : 'store_unavailable', { cause: fault });

/** Full jitter: rivals that met once should not meet again. */
const wait = (tries: number, { random, sleep }: Timing): Promise<void> =>
  sleep(random.fraction() * Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** tries));

const retried = async <T>(call: () => Promise<T>, timing: Timing): Promise<T> => {
  const giveUpAt = timing.clock.now() + GIVE_UP_AFTER_MILLISECONDS;
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PortFault)) throw error;
      if (!error.retryable || timing.clock.now() >= giveUpAt) throw asServiceError(error);
      await wait(tries, timing);
    }
  }
};

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** The same port, patient. Its methods throw `store_busy` or `store_unavailable` when patience ends. */
export const retryingPort = <P extends object>(port: P, timing: Timing): P =>
  Object.fromEntries(
    Object.entries(port as Record<string, Method>).map(([name, method]) => [
      name,
      (...parameters: unknown[]) => retried(() => method.apply(port, parameters), timing),
    ]),
  ) as P;
