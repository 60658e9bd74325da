// An event bus in memory that accepts every event.
import type { CredentialEvent } from '../../../lib/domain/credential/credential-event.ts';
import type { EventBus } from '../../../lib/domain/ports/event-bus.ts';

export interface MemoryEventBus extends EventBus {
  /** In order of publication, duplicates included. */
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
