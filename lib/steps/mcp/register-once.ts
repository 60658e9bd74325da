// The registered client of an issuer and redirect URI: the stored one, or a new one that is stored only where there is none, or where the
// stored one ends or is refused. Of several processes that register at the same time the first to store wins, and all use its client.
import { areEndpointsAt, listOrigins } from '../../domain/mcp/endpoint-origins.ts';
import {
  clientSealContext,
  endOfUnused,
  isEnded,
  isForgotten,
  isForgottenSoon,
  isReplacementDue,
} from '../../domain/mcp/registered-client.ts';
import type { NewClient } from '../../domain/mcp/registration.ts';
import type { ClientToRegister } from '../../domain/ports/client-registration.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { RegisteredClient } from '../../domain/ports/issuer-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** What registering takes. */
export type RegistrationDeps = Pick<Deps, 'issuers' | 'registrations' | 'sealer' | 'flights' | 'clock' | 'random'>;

/** Seals the secret, if there is one. Throws `keys_unavailable`. */
const sealClient = async (
  deps: RegistrationDeps,
  { server, redirectUri }: ClientToRegister,
  { clientId, clientAuth, clientSecret, expiresAt }: NewClient,
): Promise<RegisteredClient> => {
  const origins = listOrigins(server);
  const place = { issuer: server.issuer, redirectUri, clientId, origins, secretRev: deps.random.uuid() };
  const document = clientSecret && { clientSecret: clientSecret.expose() };
  const secret = document && (await deps.sealer.seal(clientSealContext(place), document));
  const now = deps.clock.now();
  return { ...place, clientAuth, secret, expiresAt, createdAt: now, refusedAt: null, unusedUntil: endOfUnused(now) };
};

const register = async (
  deps: RegistrationDeps,
  asked: ClientToRegister,
  replaces: RegisteredClient | null,
): Promise<RegisteredClient> => {
  const made = await sealClient(deps, asked, await deps.registrations.register(asked));
  // A server may give an id again that grants are bound to.
  const isInUse = replaces?.clientId === made.clientId && replaces.unusedUntil === null;
  return deps.issuers.putClient(isInUse ? { ...made, unusedUntil: null } : made, replaces);
};

/** The stored client, kept for longer if it is unused: it must still be there when the flow comes back. */
const keepUnused = async (deps: RegistrationDeps, stored: RegisteredClient): Promise<RegisteredClient> => {
  const now = deps.clock.now();
  if (!isForgottenSoon(stored, now)) return stored;
  return deps.issuers.putClient({ ...stored, unusedUntil: endOfUnused(now) }, stored);
};

/** The secret of a client is for the endpoints that the issuer had when it was registered. A public client has none. */
const isForServer = ({ secret, origins }: RegisteredClient, { server }: ClientToRegister): boolean =>
  secret === null || areEndpointsAt(server, origins);

/** A client whose secret still lives serves on, if the server does not register another: its server may have refused it by mistake. */
const replace = async (
  deps: RegistrationDeps,
  asked: ClientToRegister,
  stored: RegisteredClient,
): Promise<RegisteredClient> => {
  try {
    return await register(deps, asked, stored);
  } catch (error) {
    const isRefused = error instanceof ServiceError && error.code === 'server_not_connectable';
    if (isRefused && isForServer(stored, asked) && !isEnded(stored, deps.clock.now())) return keepUnused(deps, stored);
    throw error;
  }
};

const readOrRegister = async (deps: RegistrationDeps, asked: ClientToRegister): Promise<RegisteredClient> => {
  const { server, redirectUri } = asked;
  const stored = await deps.issuers.readClient({ issuer: server.issuer, redirectUri });
  if (stored === null || isForgotten(stored, deps.clock.now())) return register(deps, asked, stored);
  const isDue = isReplacementDue(stored, deps.clock.now()) || !isForServer(stored, asked);
  return isDue ? replace(deps, asked, stored) : keepUnused(deps, stored);
};

/**
 * The registered client, made if there is none, its secret ends soon, its server has refused it, or the
 * issuer has moved to other origins. Concurrent callers of a process make one registration. A
 * registration whose client could not be stored is never used; the next caller registers again. Throws `server_not_connectable` of
 * step `registration`, `keys_unavailable`, and what the store throws.
 */
export const registerOnce = (deps: RegistrationDeps, asked: ClientToRegister): Promise<RegisteredClient> => {
  const key = JSON.stringify(['register_client', asked.server.issuer, asked.redirectUri]);
  return deps.flights.share(key, () => readOrRegister(deps, asked)).result;
};
