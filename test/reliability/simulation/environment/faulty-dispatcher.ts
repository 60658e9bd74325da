// The dispatcher as one invocation meets it: it may refuse an order, and the invocation it makes may be lost, come twice or late.
import type { RefreshDispatcher, RefreshOrder } from '../../../../lib/domain/ports/refresh-dispatcher.ts';
import { crash, type Environment, nextFault, recordFault } from './environment.ts';
import type { DispatcherFault } from './faults.ts';
import type { Invocation } from './scheduler.ts';

/** Runs the order as a call of its own. */
export type Invoke = (order: RefreshOrder) => Promise<void>;

const LATENCY_MILLISECONDS = 100;
const LATEST_MILLISECONDS = 90_000;

const countInvocations = (fault: DispatcherFault | null): number => {
  if (fault === 'dispatch refused' || fault === 'invocation lost') return 0;
  return fault === 'invocation doubled' ? 2 : 1;
};

/** An invocation of the queue between both functions: nothing happens to it. */
const newQueue = ({ instance }: Invocation): Invocation => ({
  id: 0,
  instance,
  alive: true,
  excusedMilliseconds: 0,
  onCrash: () => {},
});

export const faultyDispatcher = (
  environment: Environment,
  invocation: Invocation,
  invoke: Invoke,
): RefreshDispatcher => {
  const { scheduler, prng, refreshes } = environment;
  const enqueue = async (order: RefreshOrder, longest: number): Promise<void> => {
    await scheduler.pause(newQueue(invocation), prng.below(longest));
    await invoke(order);
  };
  return {
    dispatch: async (order) => {
      await scheduler.pause(invocation, prng.below(LATENCY_MILLISECONDS));
      refreshes.dispatches.push({ callId: invocation.id, ...order, at: scheduler.now(), step: scheduler.step() });
      const fault = nextFault(environment, invocation, 'dispatcher');
      if (fault) recordFault(environment, fault, { invocation, method: 'dispatch' });
      const longest = fault === 'invocation late' ? LATEST_MILLISECONDS : LATENCY_MILLISECONDS;
      for (let count = countInvocations(fault); count > 0; count--) void enqueue(order, longest);
      if (fault === 'crashed after the dispatch') await crash(environment, invocation);
      return fault !== 'dispatch refused';
    },
  };
};
