// Publishes credential events.
import type { CredentialEvent } from '../credential/credential-event.ts';

export interface EventBus {
  /** Puts them on the bus; answers those that may not be on it, by their index, each with the bus's word for why. */
  publish(events: readonly CredentialEvent[]): Promise<ReadonlyMap<number, string>>;
}
