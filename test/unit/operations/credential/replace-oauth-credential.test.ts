// What a replacement keeps of an OAuth credential, and which scopes it must cover.
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { ALICE, MINUTE, newOAuth2, START, snapshot, userWith } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';

const replace = (deps: MemoryDeps, credential: NewCredential): Promise<StoredCredential> =>
  replaceCredential(deps, { userId: ALICE, id: 'a', credential });

const refuses = async (deps: MemoryDeps, credential: NewCredential, error: object) => {
  const before = snapshot(deps);
  await expect(replace(deps, credential)).rejects.toMatchObject(error);
  expect(snapshot(deps)).toEqual(before);
};

describe('replaceCredential of an OAuth credential', () => {
  it.each([
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [
      ['a', 'b'],
      ['c', 'b', 'a'],
    ],
    [[], []],
    [[], ['a']],
  ])('accepts equal or wider scopes in any order: %j by %j', async (was, next) => {
    const deps = await userWith([newOAuth2({ id: 'a', scopes: was })]);
    expect((await replace(deps, newOAuth2({ scopes: next }))).scopes).toEqual(next);
  });

  it.each([
    ['omitted', undefined, 'rev of before'],
    ['the same', 'refresh-1', 'rev of before'],
    ['another', 'refresh-2', null],
  ])('keeps the name of the refresh token only if the token stays: %s', async (_, refreshToken, named) => {
    const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'refresh-1' })]);
    const before = deps.table.users.get(ALICE)?.credentials.get('a')?.secretRev;
    const replaced = await replace(deps, newOAuth2({ accessToken: 'access-2', refreshToken }));
    expect(replaced.tokenRev).toBe(named && before);
    const again = await replace(deps, newOAuth2({ accessToken: 'access-3' }));
    expect(again.tokenRev).toBe(named ? before : replaced.secretRev);
  });

  it('does not keep a refresh token that the provider has refused', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'dead' })]);
    const item = deps.table.users.get(ALICE)?.credentials.get('a');
    await deps.refreshes.markReconnectRequired(
      { userId: ALICE, credentialId: 'a' },
      String(item?.secretRev),
      'invalid_grant',
    );
    const replaced = await replace(deps, newOAuth2({ accessToken: 'access-2' }));
    expect(replaced).toMatchObject({ hasRefreshToken: false, brokenReason: null });
  });

  it.each([
    [['a', 'b'], ['a'], ['b']],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['a', 'b'],
    ],
    [['a'], [], ['a']],
    [['repo'], ['Repo'], ['repo']],
  ])('refuses narrower scopes and names the missing ones: %j by %j', async (was, next, missingScopes) => {
    const deps = await userWith([newOAuth2({ id: 'a', scopes: was })]);
    await refuses(deps, newOAuth2({ scopes: next }), { code: 'scopes_narrowed', members: { missingScopes } });
  });

  const grant = newOAuth2({
    id: 'a',
    refreshToken: 'refresh-1',
    refreshTokenExpiresAt: START + MINUTE,
    accessTokenExpiresAt: START + 1,
    username: 'octo',
    metadata: { team: 1 },
  });

  /** The whole sealed document, more than any answer shows. */
  const readDocument = async (deps: MemoryDeps) => {
    const item = deps.table.users.get(ALICE)?.credentials.get('a') as unknown as StoredCredential;
    return JSON.parse(Buffer.from(item.sealed, 'base64url').toString()).document;
  };

  it('keeps refresh token, account and metadata when they are not sent', async () => {
    const deps = await userWith([grant]);
    const next = await replace(deps, newOAuth2({ accessToken: 'new' }));
    expect(next).toMatchObject({ username: 'octo', hasRefreshToken: true, refreshTokenExpiresAt: START + MINUTE });
    expect(await readDocument(deps)).toEqual({
      accessToken: 'new',
      refreshToken: 'refresh-1',
      metadata: { team: 1 },
    });
  });

  it('clears the expiry of the access token when none is sent', async () => {
    const deps = await userWith([grant]);
    expect((await replace(deps, newOAuth2())).expiresAt).toBeNull();
  });

  it('stores what is sent instead of the kept fields', async () => {
    const deps = await userWith([grant]);
    const next = newOAuth2({ refreshToken: 'refresh-2', username: 'cat', metadata: { team: 2 } });
    expect(await replace(deps, next)).toMatchObject({ username: 'cat', hasRefreshToken: true });
    expect(await readDocument(deps)).toMatchObject({ refreshToken: 'refresh-2', metadata: { team: 2 } });
  });

  it('drops the expiry of the old refresh token with the token', async () => {
    const deps = await userWith([grant]);
    expect((await replace(deps, newOAuth2({ refreshToken: 'refresh-2' }))).refreshTokenExpiresAt).toBeNull();
  });

  it('has no refresh token when none was stored and none is sent', async () => {
    const deps = await userWith([newOAuth2({ id: 'a' })]);
    expect((await replace(deps, newOAuth2())).hasRefreshToken).toBe(false);
  });

  it('clears the broken reason', async () => {
    const deps = await userWith([grant]);
    const item = deps.table.users.get(ALICE)?.credentials.get('a');
    deps.table.users.get(ALICE)?.credentials.set('a', { ...item, brokenReason: 'invalid_grant' });
    expect((await replace(deps, newOAuth2())).brokenReason).toBeNull();
  });
});
