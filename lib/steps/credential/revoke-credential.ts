// Revokes an OAuth credential's tokens at the provider before the row is deleted. A provider that refuses or does not answer
// does not prevent the deletion, nor does a key or a secret that is gone. One that cannot be read now does: the caller can
// repeat the request.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { TokenKind } from '../../domain/oauth/provider-profile.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient, RevocationOutcome } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from './all-settled.ts';
import { findGrantClient } from './grant-client.ts';
import { openCredential } from './open-credential.ts';

/** The outcome of a revocation. */
export interface Revocation {
  /** Whether the token that keeps the authorization alive was revoked; null: nothing to revoke, or no endpoint for it. */
  revoked: boolean | null;
  revokedTokens: TokenKind[];
}

const NOTHING: Revocation = { revoked: null, revokedTokens: [] };

type RevokeDeps = Pick<Deps, 'sealer' | 'providers' | 'oauth'>;

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
}

/** The tokens that this provider can revoke, the one that keeps the grant alive first. */
const revocableTokens = ({ profile }: OAuthClient, secret: Tokens): { kind: TokenKind; token: string }[] => {
  const tokens = { access_token: secret.accessToken, refresh_token: secret.refreshToken };
  return profile.revocableTokens.flatMap((kind) => {
    const token = tokens[kind];
    return token === undefined ? [] : [{ kind, token }];
  });
};

/** Revokes the tokens, all at the same time. Never throws. */
export const revokeTokens = async (
  deps: Pick<Deps, 'oauth'>,
  client: OAuthClient,
  secret: Tokens,
): Promise<Revocation> => {
  const tokens = revocableTokens(client, secret);
  if (tokens.length === 0) return NOTHING;
  const done = await allSettledOrThrow(tokens.map(({ kind, token }) => deps.oauth.revoke(client, token, kind)));
  // A token that is gone is as good as revoked, but an access token also goes by expiring: a refresh token that cannot be revoked
  // here then still works.
  const isOutlived = secret.refreshToken !== undefined && tokens.every(({ kind }) => kind === 'access_token');
  const isEnded = (outcome: RevocationOutcome | undefined) =>
    outcome === 'revoked' || (outcome === 'gone' && !isOutlived);
  const revokedTokens = tokens.flatMap(({ kind }, index) => (isEnded(done[index]) ? [kind] : []));
  return { revoked: isEnded(done[0]), revokedTokens };
};

/** Opens the credential and revokes its tokens. Throws `keys_unavailable`, `secrets_unavailable`. */
export const revokeCredential = async (deps: RevokeDeps, credential: StoredCredential): Promise<Revocation> => {
  if (credential.type !== 'oauth2') return NOTHING;
  const secret = await orNull(openCredential(deps, credential));
  if (secret === null || !('accessToken' in secret)) return NOTHING;
  const { provider } = credential;
  const client = await orNull(findGrantClient(deps, provider, secret));
  return client === null ? NOTHING : revokeTokens(deps, client, secret);
};
