// Opens a stored refresh token and exchanges it at the provider. Opening can fail but spends nothing; the data key is open,
// and renewed when due, before the call, so that after the reply only the store can still fail.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { serverClient } from '../../domain/mcp/server-client.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import type { OpenedSeal } from '../../domain/ports/sealer.ts';
import { loggedGroup } from '../../domain/refresh/outcome-group.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeForGrant, isNotConnectable } from '../credential/complete-provider.ts';
import { findGrantServerClient, type GrantServerClient } from '../mcp/find-grant-server-client.ts';
import { type HeldLease, hasTime, type RefreshDeps } from './lease.ts';
import {
  type ExchangeDeps,
  findRefreshClient,
  findRotatedClient,
  isOfOldConfiguration,
  misconfigured,
} from './refresh-client.ts';

/** How long an issuer that does not answer is left alone. */
const ISSUER_RETRY_SECONDS = 5;

/** A row whose refresh token can be exchanged. */
export interface OpenedToken {
  stored: StoredCredential;
  seal: OpenedSeal;
  secret: OAuth2Secret & { refreshToken: string };
  /** The provider with its endpoints; null: it is not configured, or the grant is an MCP server's. */
  known: KnownProvider | null;
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

/** The provider with the endpoints that the grant keeps; a grant that keeps none waits for the issuer. Throws `refresh_unavailable`. */
const findEndpoints = async (known: KnownProvider, secret: OAuth2Secret): Promise<KnownProvider> => {
  try {
    return await completeForGrant(known, secret);
  } catch (error) {
    if (!isNotConnectable(error)) throw error;
    throw new ServiceError('refresh_unavailable', { cause: error, retryAfterSeconds: ISSUER_RETRY_SECONDS });
  }
};

/**
 * Reads the row again under the lease and opens it; null when its secret is another. Throws `credential_unreadable`,
 * `keys_unavailable`, `store_busy`, `store_unavailable`, and `refresh_unavailable` when too little time is left, or the endpoints of the
 * grant are not known because its issuer does not answer.
 */
export const openRefreshToken = async (deps: RefreshDeps, held: HeldLease): Promise<OpenedToken | null> => {
  const stored = await readUnchanged(deps, held.credential);
  if (stored === null) return null;
  const seal = await deps.sealer.openToReseal(sealContext(stored), stored);
  const secret = OAuth2Secret.safeParse(seal.document);
  const refreshToken = secret.data?.refreshToken;
  if (!secret.success || refreshToken === undefined) throw new ServiceError('credential_unreadable');
  const found = await findServerClient(deps, secret.data);
  const known = held.known?.fromIssuer ? await findEndpoints(held.known, secret.data) : held.known;
  if (!hasTime(deps, held)) throw new ServiceError('refresh_unavailable');
  return { stored, seal, secret: { ...secret.data, refreshToken }, known, serverClient: found };
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
  deps.log.warn('grant not sent', { provider: loggedGroup(stored), mismatch: found?.kind ?? 'no_client' });
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
  const client = await findRefreshClient(deps, held, opened);
  try {
    return await send(deps, client, secret.refreshToken);
  } catch (error) {
    if (!(error instanceof ProviderFault) || !isOfOldConfiguration(error, client)) throw error;
    const rotated = await findRotatedClient(deps, client, secret);
    if (rotated === null || !hasTime(deps, held)) throw error;
    return send(deps, rotated, secret.refreshToken);
  }
};
