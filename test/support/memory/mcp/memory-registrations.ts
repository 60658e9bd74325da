// A server that registers clients, in memory: each registration makes another client, and can be made to fail or to take time.
import type { NewClient } from '../../../../lib/domain/mcp/registration.ts';
import type { ClientRegistration, ClientToRegister } from '../../../../lib/domain/ports/client-registration.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';

export interface MemoryRegistrations extends ClientRegistration {
  /** What was asked for, in order. */
  asked: ClientToRegister[];
  /** Runs before a client is made; its error is the registration's. */
  before: () => Promise<void>;
  /** Replaces members of the next clients. */
  answers: Partial<NewClient>;
}

export const memoryRegistrations = (): MemoryRegistrations => {
  const registrations: MemoryRegistrations = {
    asked: [],
    before: async () => {},
    answers: {},
    async register(asked) {
      registrations.asked.push(asked);
      const clientId = `client-${registrations.asked.length}`;
      await registrations.before();
      const clientSecret = new Secret(`secret of ${clientId}`);
      return { clientId, clientAuth: 'client_secret_basic', clientSecret, expiresAt: null, ...registrations.answers };
    },
  };
  return registrations;
};
