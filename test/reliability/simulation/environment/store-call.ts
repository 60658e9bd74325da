// One call of a store, with whatever may go wrong with it: it waits its turn, may be kept from happening, happens at one
// moment, and its answer may be lost or come late. What it changed in the table is written down in that very moment.
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import type { StoreFault } from './faults.ts';
import type { Invocation } from './scheduler.ts';
import { crash, nextFault, strike, type World } from './world.ts';

/** Runs the effect of one call of a store under faults. */
export type Attempt = <T>(method: string, effect: () => Promise<T>) => Promise<T>;

const LATENCY_MILLISECONDS = 20;
const TIMEOUT_MILLISECONDS = 1000;
const LONGEST_OUTAGE_MILLISECONDS = 8000;
const LONGEST_DELAY_MILLISECONDS = 180_000;

const unavailable = (retryable = true) => new PortFault('unavailable', { retryable });

const delay = (world: World, invocation: Invocation): Promise<void> => {
  const milliseconds = world.dice.below(world.dice.pick([200, 5000, LONGEST_DELAY_MILLISECONDS]));
  invocation.excusedMilliseconds += milliseconds;
  return world.scheduler.pause(invocation, milliseconds);
};

const hang = async (world: World, invocation: Invocation): Promise<never> => {
  await world.scheduler.pause(invocation, TIMEOUT_MILLISECONDS);
  throw unavailable();
};

const before = async (world: World, invocation: Invocation, fault: StoreFault | null): Promise<void> => {
  if (world.scheduler.now() < world.outageUntil) await hang(world, invocation);
  if (fault === 'throttled' || fault === 'conflict') throw new PortFault('busy', { retryable: true });
  if (fault === 'refused') throw unavailable();
  if (fault === 'denied') throw unavailable(false);
  if (fault === 'hung') await hang(world, invocation);
  if (fault === 'delayed') await delay(world, invocation);
  if (fault === 'crashed before') await crash(world, invocation);
  if (fault === 'outage') {
    world.outageUntil = world.scheduler.now() + world.dice.below(LONGEST_OUTAGE_MILLISECONDS);
    throw unavailable();
  }
};

const after = async (world: World, invocation: Invocation, fault: StoreFault | null): Promise<void> => {
  if (fault === 'crashed after') await crash(world, invocation);
  if (fault === 'frozen') await delay(world, invocation);
  if (fault !== 'lost') return;
  await world.scheduler.pause(invocation, world.dice.below(TIMEOUT_MILLISECONDS));
  throw unavailable();
};

export const attemptOf =
  (world: World, invocation: Invocation): Attempt =>
  async (method, effect) => {
    await world.scheduler.pause(invocation, world.dice.below(LATENCY_MILLISECONDS));
    const fault = nextFault(world, invocation, 'store');
    if (fault) strike(world, fault, { invocation, method });
    await before(world, invocation, fault);
    const answer = effect();
    if (!method.startsWith('read')) world.timeline.observe(invocation.id, method);
    const result = await answer;
    world.story.tell(() => `call ${invocation.id} ${method} → ${JSON.stringify(result)?.slice(0, 300)}`);
    await after(world, invocation, fault);
    return result;
  };
