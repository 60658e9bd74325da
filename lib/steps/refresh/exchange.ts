// Opens a stored refresh token and exchanges it at the provider. Opening can fail but spends nothing; the data key is open,
// and renewed when due, before the call, so that after the reply only the store can still fail.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import type { OpenedSeal } from '../../domain/ports/sealer.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type HeldLease, hasTime, type RefreshDeps } from './lease.ts';

type Variables = Readonly<Record<string, string>>;

/** A row whose refresh token can be exchanged. */
export interface OpenedToken {
  stored: StoredCredential;
  seal: OpenedSeal;
  secret: OAuth2Secret & { refreshToken: string };
}

/** An exchange that succeeded. */
export interface Exchanged extends OpenedToken {
  response: TokenResponse;
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
  if (!hasTime(deps, held)) throw new ServiceError('refresh_unavailable');
  return { stored, seal, secret: { ...secret.data, refreshToken } };
};

const misconfigured = (cause?: unknown) => new ProviderFault('client_fault', { cause });

/** Builds the client with the endpoints of the credential's tenant. Throws ProviderFault (`client_fault`). */
export const buildClient = ({ provider, profile, client }: KnownProvider, variables: Variables): OAuthClient => {
  if (client === null) throw misconfigured();
  try {
    return { provider, profile: fillTemplate(profile, variables), ...client };
  } catch (error) {
    if (error instanceof ServiceError) throw misconfigured(error);
    throw error;
  }
};

const exposeSecret = ({ clientSecret }: OAuthClient): string => clientSecret?.expose() ?? '';

const isSameClient = (a: OAuthClient, b: OAuthClient): boolean =>
  a.clientId === b.clientId && isEqualDigest(exposeSecret(a), exposeSecret(b));

/** The client as configured now, past the cache; null when it is the same, missing, or can't be read. */
const findRotatedClient = async (
  deps: Pick<Deps, 'providers'>,
  refused: OAuthClient,
  variables: Variables,
): Promise<OAuthClient | null> => {
  const known = await deps.providers.findPastCache(refused.provider).catch((error) => {
    if (error instanceof ServiceError) return undefined;
    throw error;
  });
  if (!known?.client) return null;
  const client = buildClient(known, variables);
  return isSameClient(refused, client) ? null : client;
};

/**
 * Exchanges the refresh token (RFC 6749 §6). The operator may have rotated a client that the provider refuses: its
 * configuration is read once more past the cache, and used if it differs and time is left. Throws ProviderFault.
 */
export const exchangeToken = async (
  deps: Pick<Deps, 'providers' | 'oauth' | 'budget' | 'clock'>,
  held: HeldLease,
  { refreshToken, variables = {} }: OpenedToken['secret'],
): Promise<TokenResponse> => {
  const client = buildClient(held.known, variables);
  try {
    return await deps.oauth.refresh(client, refreshToken, []);
  } catch (error) {
    if (!(error instanceof ProviderFault) || error.kind !== 'client_fault') throw error;
    const rotated = await findRotatedClient(deps, client, variables);
    if (rotated === null || !hasTime(deps, held)) throw error;
    return deps.oauth.refresh(rotated, refreshToken, []);
  }
};
