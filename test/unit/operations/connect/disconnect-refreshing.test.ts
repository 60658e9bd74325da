// Deleting a credential of a provider that revokes access tokens only, and one that shares its grant with another credential.
import { describe, expect, it } from 'vitest';
import { NOTHING_KEPT } from '../../../../lib/domain/oauth/kept/kept-values.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { saveToken } from '../../../../lib/steps/connect/save-token.ts';
import { findClient } from '../../../../lib/steps/credential/find-client.ts';
import { ALICE, BOB, newApiKey, newOAuth2, START, stored, storedItems } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const REVOCATION = { revocationEndpoint: 'https://acme.example/revoke' };

const depsFor = (record: Partial<ProviderRecord>): MemoryDeps =>
  memoryDeps({ providers: memoryProviders(knownProvider({ ...REVOCATION, ...record })) });

type Held = Partial<ReturnType<typeof newOAuth2>> & { accountId?: string };

const hold = (deps: MemoryDeps, given: Held = {}, userId = ALICE) =>
  stored(deps, { ...newOAuth2({ id: 'c', provider: 'acme' }), ...given }, userId);

const remove = (deps: MemoryDeps, id = 'c', expectedVersion?: number) =>
  deleteCredential(deps, { userId: ALICE, id, expectedVersion });
const sent = ({ oauth }: MemoryDeps) =>
  oauth.calls.map((call) => [call.to, 'token' in call ? call.token : 'refreshToken' in call ? call.refreshToken : '']);

const EXPIRED = { refreshToken: 'refresh-1', accessTokenExpiresAt: START };
const ACCESS_ONLY = [
  'rfc7009_access_token',
  'delete_basic',
  'post_bearer',
  'delete_bearer',
  'json_basic',
  'post_access_token',
  'json_access_token',
  'json_client_header',
] as const;
const REVOKED = { deleted: true, revoked: true, revokedTokens: ['access_token'] };
const NOT_REVOKED = { deleted: true, revoked: false, revokedTokens: [] };

const grants = (deps: MemoryDeps) =>
  deps.oauth.script.refreshTokens.set('refresh-1', newGrant({ accessToken: 'access-2', refreshToken: 'refresh-2' }));
const refuses = (deps: MemoryDeps, kind: 'dead_grant' | 'transient') =>
  deps.oauth.script.refreshTokens.set('refresh-1', new ProviderFault(kind));

describe('an expired access token, where only that can be revoked', () => {
  it.each(ACCESS_ONLY)('is refreshed, and the new one is revoked (%s)', async (revocationStyle) => {
    const deps = depsFor({ revocationStyle });
    await hold(deps, EXPIRED);
    grants(deps);
    expect(await remove(deps)).toEqual(REVOKED);
    expect(sent(deps)).toEqual([
      ['refresh', 'refresh-1'],
      ['revoke', 'access-2'],
    ]);
    expect(storedItems(deps)).toEqual([]);
  });

  it.each(['rfc7009', 'rfc7009_refresh_token', 'json_refresh_token'] as const)(
    'is not refreshed where refresh tokens are taken (%s)',
    async (revocationStyle) => {
      const deps = depsFor({ revocationStyle });
      await hold(deps, EXPIRED);
      expect(await remove(deps)).toMatchObject({ revoked: true });
      expect(deps.oauth.callsTo('refresh')).toEqual([]);
    },
  );

  it('is not refreshed while it is valid, nor at a provider that revokes nothing', async () => {
    for (const [record, expiresAt] of [
      [{ revocationStyle: 'post_bearer' }, START + 1_000],
      [{ revocationStyle: 'none' }, START],
      [{ revocationEndpoint: undefined }, START],
    ] as const) {
      const deps = depsFor(record);
      await hold(deps, { ...EXPIRED, accessTokenExpiresAt: expiresAt });
      await remove(deps);
      expect(deps.oauth.callsTo('refresh')).toEqual([]);
    }
  });

  it('counts as revoked when the provider refuses the refresh token: the grant is gone', async () => {
    const deps = depsFor({ revocationStyle: 'post_bearer' });
    await hold(deps, EXPIRED);
    refuses(deps, 'dead_grant');
    deps.oauth.script.goneTokens.add('access-1');
    expect(await remove(deps)).toEqual(REVOKED);
    expect(storedItems(deps)).toEqual([]);
  });

  it.each(['failed', 'gone', 'revoked'])(
    'is not revoked, but deleted, when it cannot be refreshed now (its own token: %s)',
    async (outcome) => {
      const deps = depsFor({ revocationStyle: 'post_bearer' });
      await hold(deps, EXPIRED);
      refuses(deps, 'transient');
      if (outcome === 'gone') deps.oauth.script.goneTokens.add('access-1');
      if (outcome === 'failed') deps.oauth.script.notRevocable.add('access-1');
      expect(await remove(deps)).toEqual(NOT_REVOKED);
      expect(deps.oauth.callsTo('refresh')).toHaveLength(1);
      expect(storedItems(deps)).toEqual([]);
    },
  );

  it('is refreshed before an erasure too', async () => {
    const deps = depsFor({ revocationStyle: 'post_bearer' });
    await hold(deps, EXPIRED);
    grants(deps);
    expect(await eraseUser(deps, { userId: ALICE })).toEqual({ credentials: 1, managed: 0, revoked: 1 });
    expect(deps.oauth.callsTo('revoke')).toMatchObject([{ token: 'access-2' }]);
  });
});

describe('an access token that is gone before its time', () => {
  const early = async (given: Held) => {
    const deps = depsFor({ revocationStyle: 'post_bearer' });
    await hold(deps, given);
    deps.oauth.script.goneTokens.add('access-1');
    return deps;
  };

  it('is refreshed, because the refresh token may be good', async () => {
    const deps = await early({ refreshToken: 'refresh-1' });
    grants(deps);
    expect(await remove(deps)).toEqual(REVOKED);
    expect(sent(deps).map(([, token]) => token)).toEqual(['access-1', 'refresh-1', 'access-2']);
  });

  it('counts as revoked without a refresh token', async () => {
    expect(await remove(await early({}))).toEqual(REVOKED);
  });
});

it('a refresh token that is gone counts as revoked', async () => {
  const deps = depsFor({});
  await hold(deps, { refreshToken: 'refresh-1' });
  deps.oauth.script.goneTokens = new Set(['refresh-1', 'access-1']);
  expect(await remove(deps)).toMatchObject({ revoked: true, revokedTokens: ['refresh_token', 'access_token'] });
});

describe('where revoking ends the grant of the account', () => {
  const SHARED = { revocationEndsAccount: true };
  const SPARED = { deleted: true, revoked: null, revokedTokens: [] };

  it.each<[string, string | undefined, string | undefined]>([
    ['of the same account', 'account-1', 'account-1'],
    ['of an unknown account', 'account-1', undefined],
    ['of any account, when its own is unknown', undefined, 'account-1'],
    ['of an unknown account, when its own is unknown too', undefined, undefined],
  ])('nothing is revoked beside another credential %s; the last one is', async (_, own, other) => {
    const deps = depsFor(SHARED);
    await hold(deps, { id: 'c', ...(own && { accountId: own }) });
    await hold(deps, { id: 'd', ...(other && { accountId: other }) });
    expect(await remove(deps)).toEqual(SPARED);
    expect(deps.oauth.calls).toEqual([]);
    expect(await remove(deps, 'd')).toEqual(REVOKED);
  });

  it.each<[string, (deps: MemoryDeps) => Promise<unknown>]>([
    ['one of another account', (deps) => hold(deps, { id: 'd', accountId: 'account-2' })],
    ['one of another provider', (deps) => hold(deps, { id: 'd', provider: 'other', accountId: 'account-1' })],
    ['an API key', (deps) => stored(deps, newApiKey({ id: 'd', provider: 'acme' }))],
    ['one of another user', (deps) => hold(deps, { id: 'd', accountId: 'account-1' }, BOB)],
  ])('it is revoked beside %s', async (_, prepare) => {
    const deps = depsFor(SHARED);
    await hold(deps, { accountId: 'account-1' });
    await prepare(deps);
    expect(await remove(deps)).toEqual(REVOKED);
  });

  it('is revoked by the later of two deletions at the same time', async () => {
    const deps = depsFor(SHARED);
    await hold(deps, { id: 'c', accountId: 'account-1' });
    await hold(deps, { id: 'd', accountId: 'account-1' });
    const answers = await Promise.all([remove(deps, 'c'), remove(deps, 'd')]);
    expect(answers.map(({ revoked }) => revoked).toSorted()).toEqual([null, true].toSorted());
  });

  it('keeps the version that its caller named', async () => {
    const deps = depsFor(SHARED);
    await hold(deps, { id: 'c' });
    await hold(deps, { id: 'd' });
    await expect(remove(deps, 'c', 1)).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await remove(deps, 'c', 2)).toEqual(SPARED);
  });

  it('is revoked by an erasure, which spares none', async () => {
    const deps = depsFor(SHARED);
    await hold(deps, { id: 'c', accountId: 'account-1' });
    await hold(deps, { id: 'd', accountId: 'account-1' });
    expect(await eraseUser(deps, { userId: ALICE })).toMatchObject({ revoked: 2 });
  });

  it.each<[string, string, string[]]>([
    ['spares tokens that cannot be stored, of the account of another credential', 'account-2', []],
    ['revokes tokens that cannot be stored, of an account without another credential', 'account-3', ['access-new']],
  ])('%s', async (_, id, expected) => {
    const deps = depsFor(SHARED);
    await hold(deps, { id: 'c', accountId: 'account-1' });
    await hold(deps, { id: 'd', accountId: 'account-2' });
    const client = await findClient(deps, { provider: 'acme', variables: {} });
    const request = { scopes: [], credentialId: 'c', metadata: null, variables: {} };
    const grant = newGrant({ account: { id, name: null } });
    const saving = saveToken(deps, { userId: ALICE, erasures: 0, client, grant, kept: NOTHING_KEPT, request });
    await expect(saving).rejects.toMatchObject({ code: 'account_mismatch' });
    expect(deps.oauth.callsTo('revoke').map(({ token }) => token)).toEqual(expected);
  });
});
