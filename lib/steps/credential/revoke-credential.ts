// Revoking a grant at its provider before it is forgotten here. What the provider answers stops nothing; that it could not
// even be asked, because keys or secrets are out of reach, does, since that can be tried again.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from './all-settled.ts';
import { findClient } from './find-client.ts';
import { openCredential } from './open-credential.ts';

export type RevokedToken = 'access_token' | 'refresh_token';

export interface Revocation {
  /** null: nothing to revoke, or no way to. */
  revoked: boolean | null;
  revokedTokens: RevokedToken[];
}

const NOTHING: Revocation = { revoked: null, revokedTokens: [] };

type RevokeDeps = Pick<Deps, 'sealer' | 'providers' | 'oauth'>;

/** What can be asked again; until then the grant is not forgotten unrevoked. */
const RETRIABLE = new Set(['keys_unavailable', 'secrets_unavailable']);

/** null for what no revocation can be asked of: a broken seal, a provider that is gone from the configuration. */
const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
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

/** What the provider can be asked to revoke of these, asked at once. Never throws. */
export const revokeTokens = async (
  deps: Pick<Deps, 'oauth'>,
  client: OAuthClient,
  secret: Tokens,
): Promise<Revocation> => {
  if (!canRevoke(client)) return NOTHING;
  const tokens = tokensOf(client, secret);
  const done = await allSettledOrThrow(tokens.map(([kind, token]) => deps.oauth.revoke(client, token, kind)));
  const revokedTokens = tokens.flatMap(([kind], index) => (done[index] ? [kind] : []));
  // The first is the one that keeps the grant alive.
  return { revoked: done[0] ?? false, revokedTokens };
};

/** Throws `keys_unavailable`, `secrets_unavailable`. */
export const revokeCredential = async (deps: RevokeDeps, credential: StoredCredential): Promise<Revocation> => {
  if (credential.type !== 'oauth2') return NOTHING;
  const secret = await orNull(openCredential(deps, credential));
  if (secret === null || !('accessToken' in secret)) return NOTHING;
  const { provider } = credential;
  const client = await orNull(findClient(deps, { provider, variables: secret.variables ?? {} }));
  return client === null ? NOTHING : revokeTokens(deps, client, secret);
};
