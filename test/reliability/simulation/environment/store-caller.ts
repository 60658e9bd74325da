// One store call under faults: it waits for its turn, may be prevented, takes effect at one
// step, and its answer may be lost or late. Its effect on the table is recorded at that step.
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import { crash, type Environment, nextFault, recordFault } from './environment.ts';
import type { StoreFault } from './faults.ts';
import type { Invocation } from './scheduler.ts';

/** Runs the effect of one call of a store under faults. */
export type StoreCaller = <T>(method: string, effect: () => Promise<T>) => Promise<T>;

const LATENCY_MILLISECONDS = 20;
const TIMEOUT_MILLISECONDS = 1000;
const LONGEST_OUTAGE_MILLISECONDS = 8000;
const LONGEST_DELAY_MILLISECONDS = 180_000;

const unavailable = (retryable = true) => new PortFault('unavailable', { retryable });

const delay = (environment: Environment, invocation: Invocation): Promise<void> => {
  const milliseconds = environment.prng.below(environment.prng.pick([200, 5000, LONGEST_DELAY_MILLISECONDS]));
  invocation.excusedMilliseconds += milliseconds;
  invocation.instance.noteFreeze(milliseconds);
  return environment.scheduler.pause(invocation, milliseconds);
};

const hang = async (environment: Environment, invocation: Invocation): Promise<never> => {
  await environment.scheduler.pause(invocation, TIMEOUT_MILLISECONDS);
  throw unavailable();
};

const before = async (environment: Environment, invocation: Invocation, fault: StoreFault | null): Promise<void> => {
  if (environment.scheduler.now() < environment.outageUntil) await hang(environment, invocation);
  if (fault === 'throttled' || fault === 'conflict') throw new PortFault('busy', { retryable: true });
  if (fault === 'refused') throw unavailable();
  if (fault === 'denied') throw unavailable(false);
  if (fault === 'hung') await hang(environment, invocation);
  if (fault === 'delayed') await delay(environment, invocation);
  if (fault === 'crashed before') await crash(environment, invocation);
  if (fault === 'outage') {
    environment.outageUntil = environment.scheduler.now() + environment.prng.below(LONGEST_OUTAGE_MILLISECONDS);
    throw unavailable();
  }
};

const after = async (environment: Environment, invocation: Invocation, fault: StoreFault | null): Promise<void> => {
  if (fault === 'crashed after') await crash(environment, invocation);
  if (fault === 'frozen') await delay(environment, invocation);
  if (fault !== 'lost') return;
  await environment.scheduler.pause(invocation, environment.prng.below(TIMEOUT_MILLISECONDS));
  throw unavailable();
};

export const createStoreCaller =
  (environment: Environment, invocation: Invocation): StoreCaller =>
  async (method, effect) => {
    await environment.scheduler.pause(invocation, environment.prng.below(LATENCY_MILLISECONDS));
    const { clock } = invocation.instance;
    const sent = clock.read();
    const fault = nextFault(environment, invocation, 'store');
    if (fault) recordFault(environment, fault, { invocation, method });
    await before(environment, invocation, fault);
    const answer = effect();
    if (!method.startsWith('read')) environment.timeline.observe(invocation.id, method);
    environment.places.observe(invocation.id, method);
    const result = await answer;
    const date = new Date(environment.scheduler.now()).toUTCString();
    environment.eventLog.append(() => `call ${invocation.id} ${method} → ${JSON.stringify(result)?.slice(0, 300)}`);
    await after(environment, invocation, fault);
    if (!clock.noteAnswer(sent, date)) throw unavailable();
    return result;
  };
