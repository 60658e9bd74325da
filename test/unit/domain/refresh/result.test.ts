import { describe, expect, it } from 'vitest';
import {
  refreshedFields,
  refreshedLifetimes,
  refreshedScopes,
  refreshedSecret,
} from '../../../../lib/domain/refresh/result.ts';
import { credential, START } from '../../../support/builders.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';

describe('what a refresh makes of a grant', () => {
  const stored = credential({ scopes: ['a'], refreshTokenExpiresAt: START + 9_000 });

  it.each([
    [null, ['a']],
    [[], ['a']],
    [['b'], ['b']],
  ])('holds, when the provider names the scopes %j, %j', (named, held) => {
    expect(refreshedScopes(newGrant({ scopes: named }), stored)).toEqual(held);
  });

  it.each([
    ['no refresh token', newGrant(), START + 9_000],
    ['no refresh token, but a life', newGrant({ refreshTokenExpiresInSeconds: 2 }), START + 2_000],
    ['a refresh token', newGrant({ refreshToken: 'r' }), null],
    ['a refresh token and its life', newGrant({ refreshToken: 'r', refreshTokenExpiresInSeconds: 2 }), START + 2_000],
  ])('knows from %s when the refresh token lapses', (_, grant, lapses) => {
    expect(refreshedLifetimes(grant, stored, START).refreshTokenExpiresAt).toBe(lapses);
  });

  it('is written over all of a row that a secret has a say in, and nothing else', () => {
    const fields = refreshedFields(
      credential({ secretRev: 'next', scopes: ['b'], expiresAt: 5, dueShard: 'due#1', dueAt: 7 }),
    );
    expect(fields).toEqual({
      ...{ secretRev: 'next', tokenRev: null, sealed: stored.sealed, scopes: ['b'], expiresAt: 5 },
      ...{ refreshTokenExpiresAt: null, hasRefreshToken: stored.hasRefreshToken },
      ...{ secretStoredAt: stored.secretStoredAt, usedDay: stored.usedDay, dueShard: 'due#1', dueAt: 7 },
    });
  });

  it('keeps tenant, metadata and, when none comes, the refresh token', () => {
    const secret = { accessToken: 'a', refreshToken: 'r', metadata: { m: 1 }, variables: { shop: 's' } };
    expect(refreshedSecret(newGrant({ accessToken: 'b' }), secret)).toEqual({ ...secret, accessToken: 'b' });
    expect(refreshedSecret(newGrant({ refreshToken: 'new' }), secret).refreshToken).toBe('new');
  });
});
