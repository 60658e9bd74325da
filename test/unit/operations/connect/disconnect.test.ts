// Deleting an OAuth credential: its tokens are revoked first, and no answer of the provider prevents the deletion.
import { describe, expect, it, vi } from 'vitest';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  markErasing,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  putRawItem,
  snapshot,
  stored,
  storedItems,
  untouchable,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const REVOCATION = { revocationEndpoint: 'https://acme.example/revoke' };
const NOTHING = { deleted: true, revoked: null, revokedTokens: [] };

type Held = Partial<ReturnType<typeof newOAuth2>> & { variables?: Record<string, string> };

/** A user with an OAuth credential of both tokens, at a provider that revokes by RFC 7009. */
const connected = async (record: Partial<ProviderRecord> = {}, given: Held = {}): Promise<MemoryDeps> => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider({ ...REVOCATION, ...record })) });
  const grant = { ...newOAuth2({ id: 'c', provider: 'acme', refreshToken: 'refresh-1' }), ...given };
  await stored(deps, grant);
  return deps;
};

const remove = (deps: MemoryDeps, given: { userId?: string; expectedVersion?: number } = {}) =>
  deleteCredential(deps, { userId: ALICE, id: 'c', ...given });

const revocations = ({ oauth }: MemoryDeps) => oauth.callsTo('revoke').map(({ kind, token }) => [kind, token]);

describe('deleteCredential of an OAuth credential', () => {
  it('revokes refresh and access token by RFC 7009', async () => {
    const deps = await connected();
    expect(await remove(deps)).toEqual({
      deleted: true,
      revoked: true,
      revokedTokens: ['refresh_token', 'access_token'],
    });
    expect(revocations(deps)).toEqual([
      ['refresh_token', 'refresh-1'],
      ['access_token', 'access-1'],
    ]);
  });

  it('also revokes tokens that replaced the credential meanwhile, so that no valid token remains', async () => {
    const deps = await connected();
    const write = deps.users.write;
    let isFirst = true;
    deps.users.write = async (...parameters) => {
      if (isFirst) {
        isFirst = false;
        const credential = { ...newOAuth2({ provider: 'acme', accessToken: 'access-2', refreshToken: 'refresh-2' }) };
        await replaceCredential(deps, { userId: ALICE, id: 'c', credential });
      }
      return write(...parameters);
    };
    expect(await remove(deps)).toMatchObject({ deleted: true, revoked: true });
    expect(revocations(deps).map(([, token]) => token)).toEqual(['refresh-1', 'access-1', 'refresh-2', 'access-2']);
    expect(storedItems(deps)).toEqual([]);
  });

  it('revokes the access token when there is no refresh token', async () => {
    const deps = await connected({ revocationStyle: 'rfc7009' }, { refreshToken: undefined });
    expect(await remove(deps)).toEqual({ deleted: true, revoked: true, revokedTokens: ['access_token'] });
  });

  it.each([
    ['delete_basic', 'access_token', 'access-1'],
    ['post_bearer', 'access_token', 'access-1'],
    ['delete_bearer', 'access_token', 'access-1'],
    ['json_basic', 'access_token', 'access-1'],
    ['post_access_token', 'access_token', 'access-1'],
    ['json_access_token', 'access_token', 'access-1'],
    ['json_client_header', 'access_token', 'access-1'],
    ['json_refresh_token', 'refresh_token', 'refresh-1'],
  ] as const)('sends one request in the style %s, with the %s', async (revocationStyle, kind, token) => {
    const deps = await connected({ revocationStyle });
    expect(await remove(deps)).toEqual({ deleted: true, revoked: true, revokedTokens: [kind] });
    expect(revocations(deps)).toEqual([[kind, token]]);
  });

  it('sends no request without a refresh token where only refresh tokens can be revoked', async () => {
    const deps = await connected({ revocationStyle: 'json_refresh_token' }, { refreshToken: undefined });
    expect(await remove(deps)).toEqual(NOTHING);
    expect(deps.oauth.calls).toEqual([]);
  });

  it('revokes before it deletes', async () => {
    const deps = await connected();
    const there: number[] = [];
    deps.oauth.script.meanwhile = async () => there.push(storedItems(deps).length);
    await remove(deps);
    expect(there).toEqual([1, 1]);
    expect(storedItems(deps)).toEqual([]);
  });

  it("revokes at the credential's tenant", async () => {
    const record = {
      revocationEndpoint: 'https://{shop}.example/revoke',
      templateVariables: { shop: { pattern: '[a-z]+' } },
    };
    const deps = await connected(record, { variables: { shop: 'one' } });
    await remove(deps);
    expect(deps.oauth.callsTo('revoke')[0]?.client.profile.revocationEndpoint).toBe('https://one.example/revoke');
  });

  it.each<[string, string[], object]>([
    ['both tokens', ['refresh-1', 'access-1'], { revoked: false, revokedTokens: [] }],
    ['the refresh token', ['refresh-1'], { revoked: false, revokedTokens: ['access_token'] }],
    ['the access token', ['access-1'], { revoked: true, revokedTokens: ['refresh_token'] }],
  ])('is deleted, and the answer says so, when the provider does not revoke %s', async (_, tokens, expected) => {
    const deps = await connected();
    deps.oauth.script.notRevocable = new Set(tokens);
    expect(await remove(deps)).toEqual({ deleted: true, ...expected });
    expect(storedItems(deps)).toEqual([]);
  });

  it.each<[string, string | undefined, Partial<ProviderRecord>, object]>([
    ['may only have expired beside a refresh token', 'refresh-1', { revocationStyle: 'post_bearer' }, [false]],
    ['is all that there was', undefined, { revocationStyle: 'post_bearer' }, [true, 'access_token']],
    ['has a refresh token that is revoked too', 'refresh-1', {}, [true, 'refresh_token', 'access_token']],
  ])('counts an access token that is gone by whether it %s', async (_, refreshToken, record, expected) => {
    const deps = await connected(record, { refreshToken });
    deps.oauth.script.goneTokens = new Set(['access-1']);
    deps.oauth.script.refreshTokens.set('refresh-1', new ProviderFault('transient'));
    const { revoked, revokedTokens } = await remove(deps);
    expect([revoked, ...revokedTokens]).toEqual(expected);
  });

  it.each<[string, Partial<ProviderRecord>]>([
    ['has no revocation endpoint', { revocationEndpoint: undefined }],
    ['has the revocation style none', { revocationStyle: 'none' }],
  ])('revokes nothing when the provider %s', async (_, record) => {
    const deps = await connected(record);
    expect(await remove(deps)).toEqual(NOTHING);
    expect(deps.oauth.calls).toEqual([]);
    expect(storedItems(deps)).toEqual([]);
  });

  it.each<[string, (deps: MemoryDeps) => unknown]>([
    [
      'the provider is no longer configured',
      ({ providers }) => providers.set({ ...knownProvider(REVOCATION), client: null }),
    ],
    ['the provider is no longer known', ({ providers }) => providers.remove('acme')],
    [
      'the provider now needs a template variable',
      ({ providers }) => providers.set(knownProvider({ ...REVOCATION, templateVariables: { shop: { pattern: '.' } } })),
    ],
    [
      'its seal is broken',
      ({ table }) => {
        const user = table.users.get(ALICE);
        user?.credentials.set('c', { ...user.credentials.get('c'), sealed: 'x' });
      },
    ],
    [
      'its row is unreadable',
      ({ table }) => {
        const user = table.users.get(ALICE);
        user?.credentials.set('c', { ...user.credentials.get('c'), expiresAt: 'soon' });
      },
    ],
    [
      'its row is of a newer release',
      ({ table }) => {
        const user = table.users.get(ALICE);
        user?.credentials.set('c', { ...user.credentials.get('c'), schemaVersion: 9 });
      },
    ],
  ])('is deleted without revocation when %s', async (_, happens) => {
    const deps = await connected();
    happens(deps);
    expect(await remove(deps)).toEqual(NOTHING);
    expect(deps.oauth.calls).toEqual([]);
    expect(storedItems(deps)).toEqual([]);
  });

  it('is kept, and nothing is revoked, while the keys are unavailable', async () => {
    const deps = await connected();
    const before = snapshot(deps);
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(remove(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(deps.oauth.calls).toEqual([]);
    expect(snapshot(deps)).toEqual(before);
  });

  it('refuses a stale version before anything is revoked', async () => {
    const deps = await connected();
    await expect(remove(deps, { expectedVersion: 7 })).rejects.toMatchObject({
      code: 'version_conflict',
      members: { currentVersion: 1 },
    });
    expect(deps.oauth.calls).toEqual([]);
    expect(storedItems(deps)).toHaveLength(1);
  });

  it('succeeds at the current version', async () => {
    const deps = await connected();
    expect(await remove(deps, { expectedVersion: 1 })).toMatchObject({ revoked: true });
  });

  it('refuses when the version changes during the revocation', async () => {
    const deps = await connected();
    deps.oauth.script.meanwhile = async (call) =>
      call.to === 'revoke' && call.kind === 'access_token' && stored(deps, newApiKey({ id: 'other' }));
    await expect(remove(deps, { expectedVersion: 1 })).rejects.toMatchObject({ code: 'version_conflict' });
    expect(storedItems(deps)).toHaveLength(2);
  });

  it("answers credential_not_found for another user's credential, and revokes nothing", async () => {
    const deps = await connected();
    await expect(remove(deps, { userId: BOB })).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(deps.oauth.calls).toEqual([]);
    expect(storedItems(deps)).toHaveLength(1);
  });

  it('is refused during an erasure, which revokes the credential itself', async () => {
    const deps = await connected();
    await markErasing(deps);
    await expect(remove(deps)).rejects.toMatchObject({ code: 'user_erasing' });
    expect(storedItems(deps)).toHaveLength(1);
  });
});

describe('deleteCredential of another type', () => {
  it.each([newApiKey, newUserPassword, newHostScoped])('has nothing to revoke (%#)', async (make) => {
    const deps = memoryDeps({ providers: memoryProviders(knownProvider(REVOCATION)) });
    await stored(deps, make({ id: 'c', provider: 'acme' }));
    deps.sealer = untouchable('sealer');
    expect(await remove(deps)).toEqual(NOTHING);
    expect(deps.oauth.calls).toEqual([]);
  });

  it('deletes an unreadable row without opening anything', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'c', BROKEN_ITEM);
    deps.sealer = untouchable('sealer');
    expect(await remove(deps)).toEqual(NOTHING);
  });
});
