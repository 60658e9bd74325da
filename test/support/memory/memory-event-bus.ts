// A bus in memory that takes everything.
import type { CredentialEvent } from '../../../lib/domain/credential/credential-event.ts';
import type { EventBus } from '../../../lib/domain/ports/event-bus.ts';

export interface MemoryEventBus extends EventBus {
  /** In the order in which they were published, repeats included. */
  events: CredentialEvent[];
}

export const memoryEventBus = (): MemoryEventBus => {
  const events: CredentialEvent[] = [];
  return {
    events,
    publish: async (published) => {
      events.push(...published);
      return new Map();
    },
  };
};
