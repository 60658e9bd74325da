// Completing a connection to an MCP server: the issuer of the callback, the client and resource of the exchange, and what is stored.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import { ALICE, storedItems } from '../../../support/builders.ts';
import {
  addServer,
  comeBack,
  connected,
  connectServer,
  ISSUER,
  SERVER,
  startServer,
  withServer,
} from '../../../support/mcp/connected-server.ts';
import { memoryIssuerStore, memoryIssuers } from '../../../support/memory/mcp/memory-issuer-store.ts';

describe('a completed connection by URL', () => {
  it('exchanges the code with the registered client, for the resource', async () => {
    const deps = withServer();
    await connected(deps);
    const [call] = deps.oauth.callsTo('exchangeCode');
    expect(call?.client).toMatchObject({
      clientId: 'client-1',
      profile: { tokenEndpoint: `${ISSUER}/token`, resource: SERVER, clientAuth: 'client_secret_basic' },
    });
    expect(call?.client.clientSecret?.expose()).toBe('secret of client-1');
    expect(call?.codeVerifier).toMatch(/^[\w-]{43,128}$/);
  });

  it('stores what a refresh needs under the seal, and the resource beside it', async () => {
    const deps = withServer();
    const credential = await connected(deps, { grant: { scopes: ['a'] } });
    expect(credential).toMatchObject({
      provider: 'mcp',
      type: 'oauth2',
      resource: SERVER,
      scopes: ['a'],
      accountId: null,
    });
    expect(await openCredential(deps, credential)).toMatchObject({
      refreshToken: 'refresh-1',
      clientId: 'client-1',
      server: {
        issuer: ISSUER,
        tokenEndpoint: `${ISSUER}/token`,
        revocationEndpoint: `${ISSUER}/revoke`,
        client: 'registered',
        resource: SERVER,
        redirectUri: 'https://keyhold.example/v1/oauth/callback',
      },
    });
    await expect(openCredential(deps, { ...credential, resource: 'https://evil.example' })).rejects.toMatchObject({
      code: 'credential_unreadable',
    });
    expect(JSON.stringify(storedItems(deps))).not.toContain('auth.example');
  });

  it('asks for no account', async () => {
    const deps = withServer();
    await connected(deps);
    const [call] = deps.oauth.callsTo('identify');
    expect(call?.client.profile).toMatchObject({ identityEndpoint: null, tenantsEndpoint: null });
  });
});

describe('the issuer of the callback', () => {
  it.each<[string, boolean, string | null, string | null]>([
    ['is exchanged when it is the very one', true, ISSUER, null],
    ['may be missing where it is not promised', false, null, null],
    ['is required where it is promised', true, null, 'state_invalid'],
    ['is compared where it is not promised', false, 'https://evil.example', 'state_invalid'],
    ['is compared exactly', true, `${ISSUER}/`, 'state_invalid'],
    ['is compared with another one', true, 'https://evil.example', 'state_invalid'],
  ])('%s (promised: %s, iss: %s)', async (_, namesIssuer, iss, code) => {
    const deps = withServer({ server: { namesIssuer } });
    const done = connectServer(deps, { iss });
    if (code === null) return expect(done).resolves.toMatchObject({ created: true });
    await expect(done).rejects.toMatchObject({ code });
    expect(deps.oauth.calls).toEqual([]);
  });
});

describe('the client of the exchange', () => {
  it('is the one that the flow was started with, or the code is sent nowhere', async () => {
    const issuers = memoryIssuers();
    const deps = withServer({}, { issuers: memoryIssuerStore(issuers) });
    const { state } = await startServer(deps);
    const receipt = await comeBack(deps, state);
    const [[key, client] = []] = issuers.clients;
    if (key && client) issuers.clients.set(key, { ...client, clientId: 'client-2' });
    await expect(completeConnection(deps, { userId: ALICE, state, receipt })).rejects.toMatchObject({
      code: 'provider_rejected',
    });
    expect(deps.oauth.calls).toEqual([]);
  });
});

describe('a client that no connection was completed with', () => {
  const comeBackUnused = async () => {
    const issuers = memoryIssuers();
    const deps = withServer({}, { issuers: memoryIssuerStore(issuers) });
    const { state } = await startServer(deps);
    const complete = async () => completeConnection(deps, { userId: ALICE, state, receipt });
    const receipt = await comeBack(deps, state);
    return { deps, complete, ends: () => [...issuers.clients.values()].map(({ unusedUntil }) => unusedUntil) };
  };

  it('is removed after a month, and kept before the code is sent', async () => {
    const { deps, complete, ends } = await comeBackUnused();
    expect(ends()).toEqual([Math.ceil(deps.clock.now() / 1000) * 1000 + 30 * 86_400_000]);
    const { exchangeCode } = deps.oauth;
    let before: unknown;
    deps.oauth.exchangeCode = async (...given) => {
      before = ends();
      return exchangeCode(...given);
    };
    await complete();
    expect([before, ends()]).toEqual([[null], [null]]);
  });

  it('costs no code where the table fails: the same request works later', async () => {
    const { deps, complete, ends } = await comeBackUnused();
    const { keepClient } = deps.issuers;
    deps.issuers.keepClient = async () => {
      throw new ServiceError('store_unavailable');
    };
    await expect(complete()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(deps.oauth.calls).toEqual([]);
    deps.issuers.keepClient = keepClient;
    expect(await complete()).toMatchObject({ created: true });
    expect(ends()).toEqual([null]);
  });
});

describe('a server that does not know the client of the exchange', () => {
  const refuse = async (fault: ProviderFault, isFailing = false) => {
    const issuers = memoryIssuers();
    const deps = withServer({}, { issuers: memoryIssuerStore(issuers) });
    const { state } = await startServer(deps);
    const receipt = await comeBack(deps, state);
    deps.oauth.exchangeCode = async () => {
      throw fault;
    };
    if (isFailing) {
      deps.issuers.noteRefusedClient = async () => {
        throw new ServiceError('store_unavailable');
      };
    }
    const done = completeConnection(deps, { userId: ALICE, state, receipt });
    await expect(done).rejects.toMatchObject({ code: 'provider_rejected' });
    return { deps, refusals: [...issuers.clients.values()].map(({ refusedAt }) => refusedAt) };
  };

  it.each(['invalid_client', 'unauthorized_client'])('has it noted (%s), for the next start', async (providerCode) => {
    const { deps, refusals } = await refuse(new ProviderFault('client_fault', { status: 401, providerCode }));
    expect(refusals).toEqual([deps.clock.now()]);
  });

  it.each([
    new ProviderFault('dead_grant', { status: 400, providerCode: 'invalid_grant' }),
    new ProviderFault('client_fault', { status: 400, providerCode: 'redirect_uri_mismatch' }),
    new ProviderFault('transient', { status: 503 }),
  ])('is not told by another answer (%#)', async (fault) => {
    expect((await refuse(fault)).refusals).toEqual([null]);
  });

  it('is answered as before where the table fails', async () => {
    const fault = new ProviderFault('client_fault', { status: 401, providerCode: 'invalid_client' });
    expect((await refuse(fault, true)).refusals).toEqual([null]);
  });
});

describe('the credential that a connection by URL leads to', () => {
  it('is another one for each connection: a server tells no account', async () => {
    const deps = withServer();
    const [a, b] = [await connected(deps), await connected(deps)];
    expect(a.id).not.toBe(b.id);
  });

  it('is the named one of the same resource, with the wider scopes and only the new tokens', async () => {
    const deps = withServer();
    const { id } = await connected(deps, { grant: { scopes: ['a'] } });
    const { credential, created } = await connectServer(deps, {
      start: { credentialId: id, scopes: ['b'] },
      grant: { accessToken: 'access-2', scopes: ['a', 'b'] },
    });
    expect([credential.id, created, credential.scopes, credential.hasRefreshToken]).toEqual([
      id,
      false,
      ['a', 'b'],
      false,
    ]);
    expect(await openCredential(deps, credential)).toEqual(expect.not.objectContaining({ refreshToken: 'refresh-1' }));
  });

  it('is not the named one of another resource', async () => {
    const deps = withServer();
    const { id } = await connected(deps);
    addServer(deps, { resource: 'https://mcp.example' });
    await expect(startServer(deps, { credentialId: id })).rejects.toMatchObject({ code: 'not_upgradable' });
  });
});
