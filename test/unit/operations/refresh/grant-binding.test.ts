// A grant stays with its client and its origin, whatever the operator changes while it is stored.
import { describe, expect, it } from 'vitest';
import type { ClientKeys } from '../../../../lib/domain/oauth/client/client-keys.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { ALICE, newOAuth2, stored } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  expireToken,
  GRANT,
  nearlyExpireToken,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const HOME = 'https://acme.example';
const FIRST = { clientId: 'client-1', tokenOrigin: HOME };
const UNAVAILABLE = { code: 'refresh_unavailable' };
const REVOCATION = { revocationEndpoint: `${HOME}/revoke` };

const keys = (clientId: string): ClientKeys => ({ clientId, clientSecret: new Secret(`canary-${clientId}`) });

/** The operator's entry from now on. */
const configure = (
  { providers }: MemoryDeps,
  clientId: string,
  { older = [], record = {} }: { older?: string[]; record?: Partial<ProviderRecord> } = {},
): void => {
  const client = { ...keys(clientId), olderClients: older.map(keys) };
  providers.set({ ...knownProvider({ ...REVOCATION, ...record }), client });
};

/** A grant that was refreshed once, and so is bound, and whose token has expired again. */
const boundAndExpired = async (): Promise<Refreshing> => {
  const world = await refreshing({ record: REVOCATION });
  expireToken(world);
  await resolveGrant(world.deps);
  world.deps.oauth.calls.length = 0;
  expireToken(world);
  return world;
};

const sent = ({ oauth }: MemoryDeps) =>
  oauth.callsTo('refresh').map(({ client }) => [client.clientId, client.profile.refreshEndpoint]);

describe('a grant that a caller brought', () => {
  it('is bound to nothing, goes with the current client, and is bound to that by the refresh that succeeds', async () => {
    const world = await refreshing();
    expect(Object.keys((await storedGrant(world.deps)).secret)).toEqual(['accessToken', 'refreshToken']);
    configure(world.deps, 'client-2', { older: ['client-1'] });
    expireToken(world);
    await resolveGrant(world.deps);
    expect(sent(world.deps)).toEqual([['client-2', `${HOME}/token`]]);
    expect((await storedGrant(world.deps)).secret).toMatchObject({ clientId: 'client-2', tokenOrigin: HOME });
  });

  it('is bound by no refresh that fails', async () => {
    const world = await refreshing();
    world.deps.oauth.script.refreshed = null;
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code: 'reconnect_required' });
    expect((await storedGrant(world.deps)).secret).not.toHaveProperty('clientId');
  });
});

describe('a grant whose client the operator replaced', () => {
  it('is refreshed with its own client while the entry has it', async () => {
    const { deps } = await boundAndExpired();
    configure(deps, 'client-2', { older: ['client-0', 'client-1'] });
    expect((await resolveGrant(deps)).stale).toBe(false);
    expect(sent(deps)).toEqual([['client-1', `${HOME}/token`]]);
    expect((await storedGrant(deps)).secret).toMatchObject(FIRST);
  });

  it('is sent nowhere without it: nothing is marked, and the operator learns of it', async () => {
    const { deps } = await boundAndExpired();
    configure(deps, 'client-2');
    await expect(resolveGrant(deps)).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterSeconds: expect.any(Number) });
    expect(deps.oauth.calls).toEqual([]);
    expect((await storedGrant(deps)).credential.brokenReason).toBeNull();
    expect(deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
    const line = { level: 'warn', message: 'grant not sent', fields: { provider: 'acme', mismatch: 'other_client' } };
    expect(deps.log.lines).toEqual([line]);
    expect(JSON.stringify(deps.log.lines)).not.toMatch(/canary|refresh-|access-/);
  });

  it('serves the living token', async () => {
    const world = await refreshing();
    expireToken(world);
    await resolveGrant(world.deps);
    configure(world.deps, 'client-2');
    nearlyExpireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(sent(world.deps)).toHaveLength(1);
  });

  it('works again as soon as the entry has its client', async () => {
    const { deps } = await boundAndExpired();
    configure(deps, 'client-2');
    await expect(resolveGrant(deps)).rejects.toMatchObject(UNAVAILABLE);
    configure(deps, 'client-2', { older: ['client-1'] });
    deps.clock.advance(15_000);
    expect((await resolveGrant(deps)).stale).toBe(false);
  });

  it('is refreshed with a client that is newer than the cached configuration', async () => {
    const { deps } = await boundAndExpired();
    const { find } = deps.providers;
    configure(deps, 'client-2');
    const old = await find('acme');
    configure(deps, 'client-2', { older: ['client-1'] });
    deps.providers.find = async () => old;
    expect((await resolveGrant(deps)).stale).toBe(false);
    expect(sent(deps)).toEqual([['client-1', `${HOME}/token`]]);
  });
});

describe('a grant whose provider moved to another origin', () => {
  const moved = { tokenEndpoint: 'https://moved.example/token' };

  it('is sent nowhere', async () => {
    const { deps } = await boundAndExpired();
    configure(deps, 'client-1', { record: moved });
    await expect(resolveGrant(deps)).rejects.toMatchObject(UNAVAILABLE);
    expect(deps.oauth.calls).toEqual([]);
    expect(deps.log.lines).toMatchObject([{ fields: { mismatch: 'other_origin' } }]);
    expect(deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
  });

  it('goes to the present endpoint where its own origin is a former one, and is bound to that from then on', async () => {
    const world = await boundAndExpired();
    const { deps } = world;
    configure(deps, 'client-1', { record: { ...moved, formerTokenOrigins: [HOME] } });
    await resolveGrant(deps);
    expect(sent(deps)).toEqual([['client-1', 'https://moved.example/token']]);
    expect((await storedGrant(deps)).secret).toMatchObject({ tokenOrigin: 'https://moved.example' });
    expireToken(world);
    configure(deps, 'client-1');
    await expect(resolveGrant(deps)).rejects.toMatchObject(UNAVAILABLE);
    expect(sent(deps)).toHaveLength(1);
  });
});

describe('the replacement of a bound grant by a caller', () => {
  const replacing = async (refreshToken?: string) => {
    const { deps } = await boundAndExpired();
    const { secret } = await storedGrant(deps);
    const credential = newOAuth2({ provider: 'acme', scopes: ['read'], refreshToken });
    await replaceCredential(deps, { userId: ALICE, id: GRANT, credential });
    return { kept: secret.refreshToken, secret: (await storedGrant(deps)).secret };
  };

  it('keeps what the kept refresh token is bound to', async () => {
    const { secret, kept } = await replacing();
    expect(secret).toMatchObject({ accessToken: 'access-1', refreshToken: kept, ...FIRST });
  });

  it('is bound to nothing with another refresh token', async () => {
    const { secret } = await replacing('refresh-brought');
    expect(secret).toEqual({ accessToken: 'access-1', refreshToken: 'refresh-brought' });
  });
});

describe('the revocation of a grant', () => {
  const disconnecting = async (...entry: [clientId: string, Parameters<typeof configure>[2]?]) => {
    const { deps } = await boundAndExpired();
    configure(deps, ...entry);
    const answer = await deleteCredential(deps, { userId: ALICE, id: GRANT });
    return { answer, clients: deps.oauth.calls.map(({ client }) => client.clientId) };
  };

  it('is sent with its own client', async () => {
    const { answer, clients } = await disconnecting('client-2', { older: ['client-1'] });
    expect(answer).toMatchObject({ revoked: true });
    expect(new Set(clients)).toEqual(new Set(['client-1']));
  });

  it.each<[string, Parameters<typeof disconnecting>]>([
    ['client', ['client-2']],
    ['origin', ['client-1', { record: { tokenEndpoint: 'https://moved.example/token' } }]],
  ])('is sent nowhere for another %s', async (_, entry) => {
    const { answer, clients } = await disconnecting(...entry);
    expect(answer).toEqual({ deleted: true, revoked: null, revokedTokens: [] });
    expect(clients).toEqual([]);
  });
});

describe('a grant of a tenant', () => {
  it('is bound to the tenant’s origin', async () => {
    const record = {
      tokenEndpoint: 'https://{shop}.acme.example/token',
      templateVariables: { shop: { pattern: '[a-z]+' } },
    };
    const deps = memoryDeps({ providers: memoryProviders(knownProvider(record)) });
    const tokens = { refreshToken: 'refresh-1', accessTokenExpiresAt: deps.clock.now() + 1 };
    await stored(deps, newOAuth2({ id: GRANT, provider: 'acme', ...tokens, variables: { shop: 'mine' } }));
    deps.oauth.script.refreshed = () => newGrant();
    deps.clock.advance(1);
    await resolveGrant(deps);
    expect((await storedGrant(deps)).secret).toMatchObject({ tokenOrigin: 'https://mine.acme.example' });
  });
});
