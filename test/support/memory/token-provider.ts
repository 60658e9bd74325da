// A provider's token endpoint in memory, of one of three kinds: it rotates refresh tokens strictly (reuse revokes the whole
// grant), with grace (the previous one still works), or not at all. It stores every token it issued.

import type { TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import { newGrant } from './memory-oauth.ts';

export const providerKinds = ['strict', 'grace', 'static'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** The token family of one sign-in. */
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
  /** A new sign-in; returns its first tokens. */
  signIn(kind: ProviderKind): { accessToken: string; refreshToken: string };
  /** Throws ProviderFault (`dead_grant`). */
  exchange(refreshToken: string): TokenResponse;
  revoke(token: string): void;
  /** Whether the provider accepts this refresh token now. */
  isAlive(refreshToken: string): boolean;
  /** Whether this access token works, ignoring its expiry. */
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
      // RFC 9700 §4.14.2: a reused token may have been stolen.
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
