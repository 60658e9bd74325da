// Finds the client that a grant at a discovered server was issued to, to complete, refresh or revoke it: the present one or a former one.
// It reads and opens; it can register nothing, and it never takes the client of another issuer. No secret is answered for endpoints that
// only the grant names: it may have been imported.
import * as z from 'zod';
import type { ClientSource } from '../../domain/mcp/authorization-server.ts';
import { areEndpointsAt, listOrigins } from '../../domain/mcp/endpoint-origins.ts';
import { clientSealContext } from '../../domain/mcp/registered-client.ts';
import type { ClientKeys } from '../../domain/oauth/client/client-keys.ts';
import type { ClientAuth } from '../../domain/oauth/provider-record.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { RegisteredClient } from '../../domain/ports/issuer-store.ts';
import { Secret } from '../../domain/values/secret.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { findOperatorKeys } from './operator-client.ts';

/** The client of a grant, as it is sealed with it. */
export interface BoundClient {
  issuer: string;
  redirectUri: string;
  clientId: string;
  tokenEndpoint: string;
  revocationEndpoint: string | null;
  client: ClientSource;
  clientAuth: ClientAuth;
  /** Whether this deployment found the endpoints itself (grant-server.ts). */
  foundHere?: boolean | undefined;
}

/** The client of a grant, or why there is none. */
export type GrantServerClient =
  | ({ kind: 'found' } & ClientKeys)
  /** The registered client that the grant was issued to is no longer kept: the user must reconnect. */
  | { kind: 'client_gone' }
  /** The operator's entries name no such client: a fault of the configuration, which marks no user. */
  | { kind: 'not_configured' }
  /** The grant names endpoints at another origin than the client's secret may go to: it was not made here. Marks no user. */
  | { kind: 'other_origin' }
  /** The stored secret does not open: a fault of the table or the key, which marks no user. */
  | { kind: 'unreadable' };

const ClientDocument = z.object({ clientSecret: z.string().min(1) });

type Opened = Pick<Deps, 'sealer'>;

/** null: it does not open. Throws `keys_unavailable`. */
const openSecret = async (deps: Opened, client: RegisteredClient): Promise<Secret<string> | null> => {
  if (client.secret === null) return null;
  try {
    const parsed = ClientDocument.safeParse(await deps.sealer.open(clientSealContext(client), client.secret));
    return parsed.success ? new Secret(parsed.data.clientSecret) : null;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'credential_unreadable') return null;
    throw error;
  }
};

/** A client is replaced in one step, so it is found at one of the two places, read in this order. */
const readOwnClient = async (
  { issuers }: Pick<Deps, 'issuers'>,
  { issuer, redirectUri, clientId }: BoundClient,
): Promise<RegisteredClient | null> => {
  const present = await issuers.readClient({ issuer, redirectUri });
  if (present?.clientId === clientId) return present;
  return issuers.readFormerClient({ issuer, redirectUri, clientId });
};

const findRegistered = async (deps: Opened & Pick<Deps, 'issuers'>, bound: BoundClient): Promise<GrantServerClient> => {
  const { clientId, clientAuth } = bound;
  const stored = await readOwnClient(deps, bound);
  if (stored === null) return { kind: 'client_gone' };
  if (clientAuth === 'none') return { kind: 'found', clientId, clientSecret: null };
  // The server has changed the client to a public one: without its secret this grant cannot be used.
  if (stored.secret === null) return { kind: 'client_gone' };
  if (!areEndpointsAt(bound, stored.origins)) return { kind: 'other_origin' };
  const clientSecret = await openSecret(deps, stored);
  return clientSecret === null ? { kind: 'unreadable' } : { kind: 'found', clientId, clientSecret };
};

/** Whether an entry of the issuer, or what its metadata said to this deployment, has endpoints at the grant's origins. */
const isAtIssuer = async (
  { providers, issuers }: Pick<Deps, 'issuers' | 'providers'>,
  bound: BoundClient,
): Promise<boolean> => {
  const entries = (await providers.listConfigured()).filter(({ profile }) => profile.issuer === bound.issuer);
  if (entries.some(({ profile }) => areEndpointsAt(bound, listOrigins(profile)))) return true;
  const cached = await issuers.readCachedServer(bound.issuer);
  return cached !== null && areEndpointsAt(bound, listOrigins(cached.server));
};

const findOperators = async (
  deps: Pick<Deps, 'issuers' | 'providers'>,
  bound: BoundClient,
): Promise<GrantServerClient> => {
  const keys = await findOperatorKeys(deps, bound);
  if (keys === undefined) return { kind: 'not_configured' };
  return bound.foundHere || (await isAtIssuer(deps, bound)) ? { kind: 'found', ...keys } : { kind: 'other_origin' };
};

/**
 * The client with its secret. An expired secret is answered too: the server decides. Throws `keys_unavailable`, `secrets_unavailable`,
 * and what the store throws.
 */
export const findGrantServerClient = async (
  deps: Opened & Pick<Deps, 'issuers' | 'providers'>,
  bound: BoundClient,
): Promise<GrantServerClient> => {
  if (bound.client === 'registered') return findRegistered(deps, bound);
  if (bound.client === 'operator') return findOperators(deps, bound);
  return { kind: 'found', clientId: bound.clientId, clientSecret: null };
};
