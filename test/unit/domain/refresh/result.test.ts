// The row after a refresh: which fields the new tokens change, and which they keep.
import { describe, expect, it } from 'vitest';
import {
  refreshedAccessRev,
  refreshedData,
  refreshedFields,
  refreshedLifetimes,
  refreshedScopes,
  refreshedSecret,
} from '../../../../lib/domain/refresh/result.ts';
import { credential, START } from '../../../support/builders.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';

describe('the row after a refresh', () => {
  const stored = credential({ scopes: ['a'], refreshTokenExpiresAt: START + 9_000 });

  it.each([
    [null, ['a']],
    [[], ['a']],
    [['b'], ['b']],
  ])('has, when the provider lists the scopes %j, the scopes %j', (named, held) => {
    expect(refreshedScopes(newGrant({ scopes: named }), stored)).toEqual(held);
  });

  it.each([
    ['no refresh token', newGrant(), START + 9_000],
    ['only a refresh token lifetime', newGrant({ refreshTokenExpiresInSeconds: 2 }), START + 2_000],
    ['a refresh token', newGrant({ refreshToken: 'r' }), null],
    [
      'a refresh token and its lifetime',
      newGrant({ refreshToken: 'r', refreshTokenExpiresInSeconds: 2 }),
      START + 2_000,
    ],
  ])('has from %s the expiry of the refresh token', (_, grant, expiresAt) => {
    expect(refreshedLifetimes(grant, stored, START).refreshTokenExpiresAt).toBe(expiresAt);
  });

  it.each<[string, string, string | null, string | null]>([
    ['a new access token has no earlier id', 'another', null, null],
    ['a new access token has no earlier id, whatever the old one had', 'another', 'first', null],
    ['the same access token keeps the id that it was first stored under', 'access', 'first', 'first'],
    ['the same access token keeps the id of its first row', 'access', null, 'rev'],
  ])('%s', (_, accessToken, accessRev, kept) => {
    const row = credential({ secretRev: 'rev', accessRev });
    expect(refreshedAccessRev(newGrant({ accessToken }), row, { accessToken: 'access' })).toBe(kept);
  });

  it.each([null, { shop: 's' }])('has, when the reply brings no values, the values %j', (data) => {
    expect(refreshedData(newGrant(), credential({ data }))).toBe(data);
  });

  it('differs in the fields that depend on the secret, and in no other', () => {
    const fields = refreshedFields(
      credential({ secretRev: 'next', scopes: ['b'], data: { shop: 's' }, expiresAt: 5, dueShard: 'due#1', dueAt: 7 }),
    );
    expect(fields).toEqual({
      ...{ secretRev: 'next', tokenRev: null, accessRev: null, sealed: stored.sealed, scopes: ['b'] },
      ...{ data: { shop: 's' }, expiresAt: 5 },
      wrappedKey: stored.wrappedKey,
      ...{ refreshTokenExpiresAt: null, hasRefreshToken: stored.hasRefreshToken },
      ...{ secretStoredAt: stored.secretStoredAt, usedDay: stored.usedDay, dueShard: 'due#1', dueAt: 7 },
    });
  });

  it('keeps tenant, metadata and, when none comes, the refresh token', () => {
    const secret = { accessToken: 'a', refreshToken: 'r', metadata: { m: 1 }, variables: { shop: 's' } };
    expect(refreshedSecret(newGrant({ accessToken: 'b' }), secret)).toEqual({ ...secret, accessToken: 'b' });
    expect(refreshedSecret(newGrant({ refreshToken: 'new' }), secret).refreshToken).toBe('new');
  });

  it('has the kept values that the reply brings, beside those it does not', () => {
    const kept = { data: { host: 'b' }, secret: { hook: 'b' }, refused: ['team'] };
    const before = credential({ data: { host: 'a', shop: 's', team: 't' } });
    expect(refreshedData(newGrant({ kept }), before)).toEqual({ host: 'b', shop: 's', team: 't' });
    expect(refreshedData(newGrant(), before)).toEqual(before.data);
    const secret = { accessToken: 'a', data: { hook: 'a', bot: 'b' } };
    expect(refreshedSecret(newGrant({ accessToken: 'a', kept }), secret).data).toEqual({ hook: 'b', bot: 'b' });
    expect(refreshedSecret(newGrant({ accessToken: 'a', kept }), { accessToken: 'a' }).data).toEqual({ hook: 'b' });
  });
});
