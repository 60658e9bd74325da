// Opens a stored refresh token and exchanges it at the provider. Opening can fail but spends nothing; the data key is open,
// and renewed when due, before the call, so that after the reply only the store can still fail.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { serverClient } from '../../domain/mcp/server-client.ts';
import { isSameClient } from '../../domain/oauth/client/client-keys.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import type { OpenedSeal } from '../../domain/ports/sealer.ts';
import { outcomeGroup } from '../../domain/refresh/outcome-group.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeProvider } from '../credential/complete-provider.ts';
import { type BoundGrant, chooseClient, type GrantClient } from '../credential/grant-client.ts';
import { findGrantServerClient, type GrantServerClient } from '../mcp/find-grant-server-client.ts';
import { type HeldLease, hasTime, type RefreshDeps } from './lease.ts';

/** A row whose refresh token can be exchanged. */
export interface OpenedToken {
  stored: StoredCredential;
  seal: OpenedSeal;
  secret: OAuth2Secret & { refreshToken: string };
  /** The client of an MCP server's grant; null: the grant is a provider's. */
  serverClient: GrantServerClient | null;
}

/** What the provider answered, and the client that the grant belongs to from now on. */
interface Answer {
  response: TokenResponse;
  client: OAuthClient;
}

/** An exchange that succeeded. */
export interface Exchanged extends OpenedToken, Answer {
  /** When the request was sent (epoch milliseconds). Lifetimes count from here. */
  requestedAt: number;
}

/** Reads the row again; null when its secret is another, or already marked as not refreshable. */
const readUnchanged = async (
  { users }: Pick<RefreshDeps, 'users'>,
  { userId, id, secretRev }: StoredCredential,
): Promise<StoredCredential | null> => {
  const row = await users.readCredential(userId, id);
  if (!row?.readable || row.credential.secretRev !== secretRev) return null;
  return row.credential.brokenReason === null ? row.credential : null;
};

/** The client of an MCP server's grant, by what is sealed with it. Throws `keys_unavailable` and what the store throws. */
const findServerClient = async (deps: RefreshDeps, { server, clientId = '' }: OAuth2Secret) =>
  server === undefined ? null : findGrantServerClient(deps, { ...server, clientId });

/**
 * Reads the row again under the lease and opens it; null when its secret is another. Throws `credential_unreadable`,
 * `keys_unavailable`, `store_busy`, `store_unavailable`, and `refresh_unavailable` when too little time is left.
 */
export const openRefreshToken = async (deps: RefreshDeps, held: HeldLease): Promise<OpenedToken | null> => {
  const stored = await readUnchanged(deps, held.credential);
  if (stored === null) return null;
  const seal = await deps.sealer.openToReseal(sealContext(stored), stored);
  const secret = OAuth2Secret.safeParse(seal.document);
  const refreshToken = secret.data?.refreshToken;
  if (!secret.success || refreshToken === undefined) throw new ServiceError('credential_unreadable');
  const found = await findServerClient(deps, secret.data);
  if (!hasTime(deps, held)) throw new ServiceError('refresh_unavailable');
  return { stored, seal, secret: { ...secret.data, refreshToken }, serverClient: found };
};

type ExchangeDeps = Pick<Deps, 'providers' | 'oauth' | 'budget' | 'clock' | 'log'>;

const misconfigured = (cause?: unknown) => new ProviderFault('client_fault', { cause });

/** As `chooseClient`, with the endpoints of the grant's tenant. Throws ProviderFault (`client_fault`) when the tenant does not match. */
const choose = (known: KnownProvider, grant: BoundGrant): GrantClient => {
  try {
    return chooseClient(known, grant);
  } catch (error) {
    if (error instanceof ServiceError) throw misconfigured(error);
    throw error;
  }
};

/** The configuration as it is now; undefined when the provider is unknown, or it or its issuer's metadata can't be read. */
const readPastCache = async (
  { providers }: Pick<Deps, 'providers'>,
  provider: string,
): Promise<KnownProvider | undefined> => {
  try {
    const known = await providers.findPastCache(provider);
    return known && (await completeProvider(known, { pastCache: true }));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
};

/**
 * The client for the grant. Where the cached configuration has none, it is read once past the cache. Throws ProviderFault: `client_fault`
 * (logged by what does not match), `transient` when reading took the time that the exchange needs.
 */
const findClient = async (deps: ExchangeDeps, held: HeldLease, grant: BoundGrant): Promise<OAuthClient> => {
  if (held.known === null) throw misconfigured();
  const cached = choose(held.known, grant);
  if (cached.kind === 'found') return cached.client;
  const { provider } = held.known;
  const present = await readPastCache(deps, provider);
  const chosen = present ? choose(present, grant) : cached;
  if (chosen.kind !== 'found') {
    deps.log.warn('grant not sent', { provider, mismatch: chosen.kind });
    throw misconfigured();
  }
  if (!hasTime(deps, held)) throw new ProviderFault('transient');
  return chosen.client;
};

/** Whether both send the same request to the same place. An issuer may move its endpoint, or want another authentication. */
const isSameRequest = (one: OAuthClient, other: OAuthClient): boolean =>
  isSameClient(one, other) &&
  one.profile.refreshEndpoint === other.profile.refreshEndpoint &&
  one.profile.clientAuth === other.profile.clientAuth;

/** The grant's client as configured now, past the cache; null when it is the same, missing, or can't be read. */
const findRotatedClient = async (
  deps: Pick<Deps, 'providers'>,
  refused: OAuthClient,
  grant: BoundGrant,
): Promise<OAuthClient | null> => {
  const known = await readPastCache(deps, refused.provider);
  const chosen = known && choose(known, grant);
  return chosen?.kind !== 'found' || isSameRequest(refused, chosen.client) ? null : chosen.client;
};

const send = async ({ oauth }: ExchangeDeps, client: OAuthClient, refreshToken: string): Promise<Answer> => ({
  client,
  response: await oauth.refresh(client, refreshToken, []),
});

/** The client of an MCP server's grant: no cache, no record and nothing that is discovered decides where its token goes. */
const requireServerClient = (
  deps: ExchangeDeps,
  { stored, secret: { server }, serverClient: found }: OpenedToken,
): OAuthClient => {
  if (server && found?.kind === 'found') return serverClient(server, found);
  deps.log.warn('grant not sent', { provider: outcomeGroup(stored), mismatch: found?.kind ?? 'no_client' });
  throw misconfigured();
};

/**
 * Exchanges the refresh token (RFC 6749 §6) with the client that it was issued to. The operator may have rotated the secret of a client
 * that the provider refuses: its configuration is read once more past the cache, and used if it differs and time is left. Throws
 * ProviderFault; nothing was sent when the grant has no client.
 */
export const exchangeToken = async (deps: ExchangeDeps, held: HeldLease, opened: OpenedToken): Promise<Answer> => {
  const { secret } = opened;
  if (secret.server) return send(deps, requireServerClient(deps, opened), secret.refreshToken);
  const client = await findClient(deps, held, secret);
  try {
    return await send(deps, client, secret.refreshToken);
  } catch (error) {
    if (!(error instanceof ProviderFault) || error.kind !== 'client_fault') throw error;
    const rotated = await findRotatedClient(deps, client, secret);
    if (rotated === null || !hasTime(deps, held)) throw error;
    return send(deps, rotated, secret.refreshToken);
  }
};
