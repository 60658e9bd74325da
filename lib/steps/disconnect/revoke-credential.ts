// Revokes the tokens of a grant at the provider, and says what became of it. A provider that refuses or does not answer does not
// prevent a deletion, nor does a key or a secret that is gone. One that cannot be read now does: the caller can repeat the request.
import type { OAuth2Secret, StoredCredential } from '../../domain/credential/credential.ts';
import { serverClient } from '../../domain/mcp/server-client.ts';
import type { TokenKind } from '../../domain/oauth/provider-profile.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient, RevocationOutcome } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../credential/all-settled.ts';
import { findGrantClient } from '../credential/grant-client.ts';
import { openCredential } from '../credential/open-credential.ts';
import { findGrantServerClient } from '../mcp/find-grant-server-client.ts';

/** The outcome of a revocation. */
export interface Revocation {
  /** Whether the token that keeps the authorization alive was revoked; null: nothing to revoke, or no endpoint for it. */
  revoked: boolean | null;
  revokedTokens: TokenKind[];
}

/** The revocation of what cannot be revoked, or must not. */
export const NOTHING_REVOKED: Revocation = { revoked: null, revokedTokens: [] };

const KEY_FAULTS = new Set(['keys_unavailable', 'secrets_unavailable']);

/** A fault after which a repeated request may succeed in revoking. */
export const isRetriable = (error: unknown): boolean =>
  error instanceof ServiceError && KEY_FAULTS.has(error.code) && !error.isPermanent;

/** null when no revocation is possible: a broken seal, a key or a secret that is gone, a provider or the grant's client no longer configured. */
const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServiceError && !isRetriable(error)) return null;
    throw error;
  }
};

interface Tokens {
  accessToken: string;
  refreshToken?: string | undefined;
  /** Whether the access token has expired by its own time; default: false. */
  isExpired?: boolean;
}

/** The tokens that this provider can revoke, the one that keeps the grant alive first. */
const revocableTokens = ({ profile }: OAuthClient, secret: Tokens): { kind: TokenKind; token: string }[] => {
  const tokens = { access_token: secret.accessToken, refresh_token: secret.refreshToken };
  return profile.revocableTokens.flatMap((kind) => {
    const token = tokens[kind];
    return token === undefined ? [] : [{ kind, token }];
  });
};

/**
 * Revokes the tokens, all at the same time. `outcomes`: of each token that was sent, the one that keeps the grant alive first. Never
 * throws.
 */
export const revokeTokens = async (
  deps: Pick<Deps, 'oauth'>,
  client: OAuthClient,
  secret: Tokens,
): Promise<Revocation & { outcomes: readonly RevocationOutcome[] }> => {
  const tokens = revocableTokens(client, secret);
  if (tokens.length === 0) return { ...NOTHING_REVOKED, outcomes: [] };
  const outcomes = await allSettledOrThrow(tokens.map(({ kind, token }) => deps.oauth.revoke(client, token, kind)));
  // A token that is gone is as good as revoked, but an access token also goes by expiring: a refresh token that cannot be revoked
  // here then still works. RFC 7009 §2.2: an expired token may be answered as if it had been revoked.
  const isOutlived = secret.refreshToken !== undefined && tokens.every(({ kind }) => kind === 'access_token');
  const isEnded = (outcome: RevocationOutcome | undefined) =>
    outcome === 'revoked' ? !(isOutlived && secret.isExpired) : outcome === 'gone' && !isOutlived;
  const revokedTokens = tokens.flatMap(({ kind }, index) => (isEnded(outcomes[index]) ? [kind] : []));
  return { revoked: isEnded(outcomes[0]), revokedTokens, outcomes };
};

/** The tokens of a credential, and the client they were issued to. */
export interface StoredGrant {
  client: OAuthClient;
  secret: OAuth2Secret;
}

/** The client of an MCP server's grant; null: it is gone. */
const findServerClient = async (
  deps: Pick<Deps, 'sealer' | 'providers' | 'issuers'>,
  { server, clientId = '' }: OAuth2Secret,
): Promise<OAuthClient | null> => {
  if (!server) return null;
  const found = await findGrantServerClient(deps, { ...server, clientId });
  return found.kind === 'found' ? serverClient(server, found) : null;
};

/** Opens what can be revoked; null when there is nothing, or no way to. Throws `keys_unavailable`, `secrets_unavailable`. */
export const openGrant = async (
  deps: Pick<Deps, 'sealer' | 'providers' | 'issuers'>,
  credential: StoredCredential,
): Promise<StoredGrant | null> => {
  if (credential.type !== 'oauth2') return null;
  const secret = await orNull(openCredential(deps, credential));
  if (secret === null || !('accessToken' in secret)) return null;
  const { provider } = credential;
  const client = await orNull(secret.server ? findServerClient(deps, secret) : findGrantClient(deps, provider, secret));
  return client && { client, secret };
};
