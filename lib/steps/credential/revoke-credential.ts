// Revokes an OAuth credential's tokens at the provider before the row is deleted. A provider that refuses or does not answer
// does not prevent the deletion. Keys or secrets that cannot be read now do: the caller can repeat the request.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from './all-settled.ts';
import { findClient } from './find-client.ts';
import { openCredential } from './open-credential.ts';

/** A kind of token that the provider has revoked. */
export type RevokedToken = 'access_token' | 'refresh_token';

/** The outcome of a revocation. */
export interface Revocation {
  /** Whether the token that keeps the authorization alive was revoked; null: nothing to revoke, or no endpoint for it. */
  revoked: boolean | null;
  revokedTokens: RevokedToken[];
}

const NOTHING: Revocation = { revoked: null, revokedTokens: [] };

type RevokeDeps = Pick<Deps, 'sealer' | 'providers' | 'oauth'>;

/** Faults after which a repeated request may succeed. */
const RETRIABLE = new Set(['keys_unavailable', 'secrets_unavailable']);

/** null when no revocation is possible: a broken seal, or a provider that is no longer configured. */
const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServiceError && !RETRIABLE.has(error.code)) return null;
    throw error;
  }
};

const canRevoke = ({ record }: OAuthClient): boolean =>
  record.revocationEndpoint !== undefined && record.revocationStyle !== 'none';

interface Tokens {
  accessToken: string;
  refreshToken?: string | undefined;
}

/** Only RFC 7009 takes either token; the other styles end the grant by its access token. */
const tokensOf = ({ record }: OAuthClient, secret: Tokens) => {
  const both = (record.revocationStyle ?? 'rfc7009') === 'rfc7009' && secret.refreshToken !== undefined;
  const access = [['access_token', secret.accessToken] as const];
  return both ? [['refresh_token', secret.refreshToken as string] as const, ...access] : access;
};

/** Revokes the tokens, all at the same time. Never throws. */
export const revokeTokens = async (
  deps: Pick<Deps, 'oauth'>,
  client: OAuthClient,
  secret: Tokens,
): Promise<Revocation> => {
  if (!canRevoke(client)) return NOTHING;
  const tokens = tokensOf(client, secret);
  const done = await allSettledOrThrow(tokens.map(([kind, token]) => deps.oauth.revoke(client, token, kind)));
  const revokedTokens = tokens.flatMap(([kind], index) => (done[index] ? [kind] : []));
  // The first is the token that keeps the authorization alive.
  return { revoked: done[0] ?? false, revokedTokens };
};

/** Opens the credential and revokes its tokens. Throws `keys_unavailable`, `secrets_unavailable`. */
export const revokeCredential = async (deps: RevokeDeps, credential: StoredCredential): Promise<Revocation> => {
  if (credential.type !== 'oauth2') return NOTHING;
  const secret = await orNull(openCredential(deps, credential));
  if (secret === null || !('accessToken' in secret)) return NOTHING;
  const { provider } = credential;
  const client = await orNull(findClient(deps, { provider, variables: secret.variables ?? {} }));
  return client === null ? NOTHING : revokeTokens(deps, client, secret);
};
