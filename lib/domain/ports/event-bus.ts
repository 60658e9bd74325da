// The port to the bus that credential events are published on.
import type { CredentialEvent } from '../credential/credential-event.ts';

/** The bus for credential events. */
export interface EventBus {
  /** Publishes events. Returns those that may not have arrived: index → error code of the bus. Never throws. */
  publish(events: readonly CredentialEvent[]): Promise<ReadonlyMap<number, string>>;
}
