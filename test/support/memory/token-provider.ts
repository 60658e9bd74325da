// A provider's token endpoint in memory, of one of three kinds: it rotates refresh tokens strictly (a spent one ends the whole
// grant), with grace (the one before the last still works), or not at all. It knows every token it ever gave.

import type { TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import { newGrant } from './memory-oauth.ts';

export const providerKinds = ['strict', 'grace', 'static'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** Everything that came of one sign-in. */
interface Family {
  kind: ProviderKind;
  generation: number;
  revoked: boolean;
}

export interface Exchange {
  refreshToken: string;
  granted: boolean;
}

export interface TokenProvider {
  /** A new sign-in: its first tokens, as a connection would store them. */
  signIn(kind: ProviderKind): { accessToken: string; refreshToken: string };
  /** Throws ProviderFault (`dead_grant`). */
  exchange(refreshToken: string): TokenResponse;
  revoke(token: string): void;
  /** Whether the provider would take this refresh token now. */
  isAlive(refreshToken: string): boolean;
  /** Whether it would let the bearer of this access token in; how long one lives it leaves to the test. */
  works(accessToken: string): boolean;
  exchanges: readonly Exchange[];
}

const parseToken = (token: string) => {
  const [, family = '', generation = ''] = token.split('-');
  return { family, generation: Number(generation) };
};

export const readFamily = (token: string): string => parseToken(token).family;

const takes = ({ kind, generation, revoked }: Family, asked: number): boolean => {
  if (revoked) return false;
  if (kind === 'static') return true;
  return asked === generation || (kind === 'grace' && asked === generation - 1);
};

export const tokenProvider = ({ expiresInSeconds = 3600 } = {}): TokenProvider => {
  const families = new Map<string, Family>();
  const exchanges: Exchange[] = [];
  const accessTokens = new Set<string>();

  const issueTokens = (name: string, { kind, generation }: Family) => {
    const accessToken = `access-${name}-${accessTokens.size + 1}`;
    accessTokens.add(accessToken);
    return { accessToken, refreshToken: `refresh-${name}-${kind === 'static' ? 0 : generation}` };
  };

  const advance = (name: string, family: Family): TokenResponse => {
    if (family.kind !== 'static') family.generation++;
    const { accessToken, refreshToken } = issueTokens(name, family);
    return newGrant({ accessToken, refreshToken: family.kind === 'static' ? null : refreshToken, expiresInSeconds });
  };

  return {
    exchanges,
    signIn(kind) {
      const name = `f${families.size}`;
      const family = { kind, generation: 0, revoked: false };
      families.set(name, family);
      return issueTokens(name, family);
    },
    exchange(refreshToken) {
      const { family: name, generation } = parseToken(refreshToken);
      const family = families.get(name);
      const granted = family !== undefined && takes(family, generation);
      exchanges.push({ refreshToken, granted });
      if (family && granted) return advance(name, family);
      // RFC 9700 §4.14.2: a spent token is one that may have been stolen.
      if (family?.kind === 'strict') family.revoked = true;
      throw new ProviderFault('dead_grant', { providerCode: 'invalid_grant' });
    },
    revoke(token) {
      const family = families.get(parseToken(token).family);
      if (family) family.revoked = true;
    },
    works(accessToken) {
      return accessTokens.has(accessToken) && families.get(parseToken(accessToken).family)?.revoked === false;
    },
    isAlive(refreshToken) {
      const { family: name, generation } = parseToken(refreshToken);
      const family = families.get(name);
      return family !== undefined && takes(family, generation);
    },
  };
};
