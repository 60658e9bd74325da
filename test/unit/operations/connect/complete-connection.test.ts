// Completing a connection: every check before the exchange, and one result for concurrent completions.
import { describe, expect, it, vi } from 'vitest';
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault, type ProviderFaultKind } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { type CompleteConnection, completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { type StartConnection, startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import {
  ALICE,
  BOB,
  MINUTE,
  markErasing,
  newOAuth2,
  snapshot,
  stored,
  storedItems,
  userRecord,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const CODE = 'code-1';
const ISSUER = 'https://acme.example';
const OWN_PAGE = 'https://app.example/oauth/callback';

const connectDeps = (record: Partial<ProviderRecord> = {}): MemoryDeps => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider(record)) });
  deps.oauth.script.codes.set(CODE, newGrant({ scopes: ['read'] }));
  return deps;
};

const start = async (deps: MemoryDeps, given: Partial<StartConnection> = {}) =>
  (await startConnection(deps, { userId: ALICE, provider: 'acme', scopes: ['read'], ...given })).state;

/** The provider redirects the browser to the callback. */
const comeBack = async (deps: MemoryDeps, state: string, query: { code?: string; iss?: string } = {}) => {
  const received = await receiveCallback(deps, { state, code: CODE, ...query });
  return received.kind === 'received' ? received.receipt : '';
};

/** A connection whose callback was received, ready to complete. */
const flow = async (deps: MemoryDeps, query: { iss?: string } = {}, given: Partial<StartConnection> = {}) => {
  const state = await start(deps, given);
  return { userId: given.userId ?? ALICE, state, receipt: await comeBack(deps, state, query) };
};

const complete = (deps: MemoryDeps, request: CompleteConnection) => completeConnection(deps, request);

/** Refused with state_invalid; the state stays usable, nothing is stored, no request goes to the provider. */
const expectRefused = async (deps: MemoryDeps, request: CompleteConnection, code = 'state_invalid') => {
  const before = snapshot(deps);
  await expect(complete(deps, request)).rejects.toMatchObject({ code });
  expect(snapshot(deps)).toEqual(before);
  expect(deps.oauth.calls).toEqual([]);
};

const stateRow = ({ table }: MemoryDeps) => [...table.states.values()][0];

describe('completeConnection', () => {
  it('stores the tokens the provider granted', async () => {
    const deps = connectDeps();
    expect(await complete(deps, await flow(deps))).toMatchObject({
      created: true,
      credential: { userId: ALICE, provider: 'acme', type: 'oauth2', scopes: ['read'], version: 1 },
    });
    expect(storedItems(deps)).toHaveLength(1);
    expect(userRecord(deps)).toMatchObject({ version: 1, count: 1 });
  });

  it("exchanges the code with the flow's redirect URI and verifier", async () => {
    const deps = connectDeps();
    await complete(deps, await flow(deps));
    const [call] = deps.oauth.callsTo('exchangeCode');
    expect(call).toMatchObject({ code: CODE, redirectUri: 'https://keyhold.example/v1/oauth/callback' });
    expect(codeChallenge(call?.codeVerifier ?? '')).toBe(deps.oauth.authorizations[0]?.codeChallenge);
  });

  it('sends no verifier when the record disables PKCE', async () => {
    const deps = connectDeps({ sendPkce: false });
    await complete(deps, await flow(deps));
    expect(deps.oauth.callsTo('exchangeCode')).toMatchObject([{ codeVerifier: null }]);
  });

  it('consumes the state', async () => {
    const deps = connectDeps();
    const request = await flow(deps);
    await complete(deps, request);
    deps.oauth.calls.length = 0;
    await expectRefused(deps, request);
  });

  it('releases the place under the limit of open states', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
    await complete(deps, await flow(deps));
    await expect(start(deps)).resolves.toBeDefined();
  });

  it('keeps the place when the code is refused, so that junk codes reach the provider within the limit', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 3 };
    const codes: string[] = [];
    const attempt = async () => {
      const state = await start(deps);
      await complete(deps, { userId: ALICE, state, receipt: await comeBack(deps, state, { code: 'junk' }) });
    };
    for (let i = 0; i < 20; i++) await attempt().catch(({ code }) => codes.push(code));
    expect(codes.slice(0, 4)).toEqual([...Array(3).fill('provider_rejected'), 'too_many_open_states']);
    expect(deps.oauth.callsTo('exchangeCode')).toHaveLength(3);
  });

  it('keeps the place when the grant cannot be stored', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1, maxCredentialsPerUser: 0 };
    await expect(complete(deps, await flow(deps))).rejects.toMatchObject({ code: 'credential_limit' });
    await expect(start(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
  });

  it('keeps concurrent flows of one user apart', async () => {
    const deps = connectDeps();
    deps.oauth.script.codes.set('code-2', newGrant({ accessToken: 'access-2' }));
    const first = await flow(deps);
    const state = await start(deps);
    const second = { userId: ALICE, state, receipt: await comeBack(deps, state, { code: 'code-2' }) };
    await complete(deps, second);
    await complete(deps, first);
    expect(deps.oauth.callsTo('exchangeCode').map(({ code }) => code)).toEqual(['code-2', CODE]);
  });

  it('exchanges the code at the tenant it was started for', async () => {
    const deps = connectDeps({
      tokenEndpoint: 'https://{shop}.example/token',
      templateVariables: { shop: { pattern: '[a-z]+' } },
    });
    await complete(deps, await flow(deps, {}, { variables: { shop: 'one' } }));
    expect(deps.oauth.callsTo('exchangeCode')[0]?.client.profile.tokenEndpoint).toBe('https://one.example/token');
  });

  describe("with the application's own redirect URI", () => {
    it('accepts the code from the application', async () => {
      const deps = connectDeps();
      const state = await start(deps, { callbackUrl: OWN_PAGE });
      expect(await complete(deps, { userId: ALICE, state, code: CODE })).toMatchObject({ created: true });
      expect(deps.oauth.callsTo('exchangeCode')).toMatchObject([{ code: CODE, redirectUri: OWN_PAGE }]);
    });

    it('refuses a receipt', async () => {
      const deps = connectDeps();
      const state = await start(deps, { callbackUrl: OWN_PAGE });
      await expectRefused(deps, { userId: ALICE, state, receipt: 'A'.repeat(43) });
    });

    it('checks iss', async () => {
      const deps = connectDeps({ issuer: ISSUER });
      const state = await start(deps, { callbackUrl: OWN_PAGE });
      await expectRefused(deps, { userId: ALICE, state, code: CODE, iss: 'https://evil.example' });
      await expect(complete(deps, { userId: ALICE, state, code: CODE, iss: ISSUER })).resolves.toBeDefined();
    });

    it('requires an iss that the provider advertises', async () => {
      const deps = connectDeps({ issuer: ISSUER, authorizationResponseIssParameterSupported: true });
      const state = await start(deps, { callbackUrl: OWN_PAGE });
      await expectRefused(deps, { userId: ALICE, state, code: CODE });
    });
  });

  it("refuses a code when the redirect URI was the service's callback", async () => {
    const deps = connectDeps();
    const { userId, state } = await flow(deps);
    await expectRefused(deps, { userId, state, code: CODE });
  });

  describe('a failed check', () => {
    it('refuses another user, and the user who started it can still complete', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      await expectRefused(deps, { ...request, userId: BOB });
      await expect(complete(deps, request)).resolves.toBeDefined();
    });

    it("refuses another browser's receipt, and the state stays usable", async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      await expectRefused(deps, { ...request, receipt: 'A'.repeat(43) });
      await expect(complete(deps, request)).resolves.toBeDefined();
    });

    it.each(['', 'é', 'A'.repeat(100_000)])('refuses a malformed receipt (%#)', async (receipt) => {
      const deps = connectDeps();
      await expectRefused(deps, { ...(await flow(deps)), receipt });
    });

    it('refuses the receipt of another flow of the same user', async () => {
      const deps = connectDeps();
      const [one, other] = [await flow(deps), await flow(deps)];
      await expectRefused(deps, { ...one, receipt: other.receipt });
    });

    it('refuses a receipt before the callback', async () => {
      const deps = connectDeps();
      await expectRefused(deps, { userId: ALICE, state: await start(deps), receipt: 'A'.repeat(43) });
    });

    it("refuses an attacker whose flow returned in a victim's browser", async () => {
      const deps = connectDeps();
      const state = await start(deps);
      await comeBack(deps, state);
      await expectRefused(deps, { userId: ALICE, state, receipt: state });
    });

    it("refuses a victim who completes an attacker's flow", async () => {
      const deps = connectDeps();
      const attack = await flow(deps, {}, { userId: 'mallory' });
      await expectRefused(deps, { ...attack, userId: ALICE });
    });

    it("refuses a pending code moved to another flow's receipt", async () => {
      const deps = connectDeps();
      const [one, other] = [await flow(deps), await flow(deps)];
      const [row, donor] = [...deps.table.states.values()];
      Object.assign(row ?? {}, { pendingCode: donor?.pendingCode, receiptHash: donor?.receiptHash });
      await expectRefused(deps, { ...one, receipt: other.receipt });
    });

    it.each(['', 'x', 'é'.repeat(43), 'A'.repeat(43), 'A'.repeat(100_000)])(
      'refuses an unknown or malformed state (%#)',
      async (state) => {
        const deps = connectDeps();
        await expectRefused(deps, { ...(await flow(deps)), state });
      },
    );

    it.each(['', 'x', 'é'.repeat(43), 'A'.repeat(44)])(
      'does not look up a text that cannot be a state (%#)',
      async (state) => {
        const deps = connectDeps();
        const readState = vi.spyOn(deps.states, 'readState');
        await expectRefused(deps, { userId: ALICE, state, receipt: 'x' });
        expect(readState).not.toHaveBeenCalled();
      },
    );

    it('refuses a state of kind external', async () => {
      const deps = connectDeps();
      const { token } = await createOAuthState(deps, { userId: ALICE, provider: 'acme', scopes: [] });
      await expectRefused(deps, { userId: ALICE, state: token, code: CODE });
    });

    it('refuses a state of kind device', async () => {
      const deps = connectDeps({ deviceAuthorizationEndpoint: 'https://acme.example/device' });
      const { state } = await startDeviceConnection(deps, { userId: ALICE, provider: 'acme' });
      deps.oauth.calls.length = 0;
      await expectRefused(deps, { userId: ALICE, state, code: CODE });
    });

    it('refuses from the millisecond in which the state expires', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.clock.advance(10 * MINUTE);
      await expectRefused(deps, request);
    });

    it('succeeds in the millisecond before', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.clock.advance(10 * MINUTE - 1);
      await expect(complete(deps, request)).resolves.toBeDefined();
    });

    it.each<[string, Partial<Record<'userId' | 'provider', string>> & { expiresAt?: number }]>([
      ['user', { userId: BOB }],
      ['provider', { provider: 'other' }],
      ['expiry', { expiresAt: Date.UTC(2040, 0) }],
    ])('refuses a row whose %s was changed', async (_, swapped) => {
      const deps = connectDeps();
      deps.providers.set(knownProvider({ tokenEndpoint: 'https://other.example/token' }, 'other'));
      const request = await flow(deps);
      Object.assign(stateRow(deps) ?? {}, swapped);
      await expectRefused(deps, { ...request, userId: swapped.userId ?? ALICE });
    });
  });

  describe('iss', () => {
    const ADVERTISED = { issuer: ISSUER, authorizationResponseIssParameterSupported: true };

    it.each<[string, Partial<ProviderRecord>, { iss?: string }]>([
      ['of another issuer', { issuer: ISSUER }, { iss: 'https://evil.example' }],
      ['of another issuer when iss is advertised', ADVERTISED, { iss: 'https://evil.example' }],
      ['that differs by a slash', { issuer: ISSUER }, { iss: `${ISSUER}/` }],
      ['that differs by case', { issuer: ISSUER }, { iss: 'https://ACME.example' }],
      ['missing although advertised', ADVERTISED, {}],
    ])('%s is refused', async (_, record, query) => {
      const deps = connectDeps(record);
      await expectRefused(deps, await flow(deps, query));
    });

    it.each<[string, Partial<ProviderRecord>, { iss?: string }]>([
      ['of the issuer', ADVERTISED, { iss: ISSUER }],
      ['missing when iss is not advertised', { issuer: ISSUER }, {}],
      ['of a provider whose record names no issuer', {}, { iss: 'https://any.example' }],
    ])('%s is accepted', async (_, record, query) => {
      const deps = connectDeps(record);
      await expect(complete(deps, await flow(deps, query))).resolves.toMatchObject({ created: true });
    });

    it("is compared with the tenant's own issuer", async () => {
      const deps = connectDeps({
        issuer: 'https://{shop}.example',
        templateVariables: { shop: { pattern: '[a-z]+' } },
      });
      await expectRefused(deps, await flow(deps, { iss: 'https://two.example' }, { variables: { shop: 'one' } }));
    });
  });

  describe('a denial', () => {
    const denied = async (deps: MemoryDeps) => {
      const state = await start(deps);
      await receiveCallback(deps, { state, error: 'access_denied' });
      return { userId: ALICE, state, receipt: 'A'.repeat(43) };
    };

    it('is answered to the user who started, and the state stays usable', async () => {
      const deps = connectDeps();
      await expectRefused(deps, await denied(deps), 'connection_denied');
    });

    it('is not answered to anyone else', async () => {
      const deps = connectDeps();
      await expectRefused(deps, { ...(await denied(deps)), userId: BOB });
    });
  });

  describe('a hundred concurrent completions', () => {
    it('make one token request and one credential', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      const all = await Promise.allSettled(Array.from({ length: 100 }, () => complete(deps, request)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'state_invalid' });
      expect(deps.oauth.callsTo('exchangeCode')).toHaveLength(1);
      expect(storedItems(deps)).toHaveLength(1);
    });
  });

  describe('a provider that refuses the code', () => {
    const failing = (kind: ProviderFaultKind) => {
      const deps = connectDeps();
      deps.oauth.script.codes.set(CODE, new ProviderFault(kind));
      return deps;
    };

    it.each<[ProviderFaultKind, string]>([
      ['dead_grant', 'provider_rejected'],
      ['client_fault', 'provider_rejected'],
      ['rejected', 'provider_rejected'],
      ['transient', 'provider_rejected'],
      ['denied', 'connection_denied'],
    ])('(%s) is answered %s, with the state consumed and nothing stored', async (kind, code) => {
      const deps = failing(kind);
      const request = await flow(deps);
      await expect(complete(deps, request)).rejects.toMatchObject({ code });
      expect(stateRow(deps)?.usedBy).not.toBeNull();
      expect(storedItems(deps)).toEqual([]);
    });

    it.each<ProviderFaultKind>(['transient', 'dead_grant'])('(%s) gets one request only', async (kind) => {
      const deps = failing(kind);
      const request = await flow(deps);
      await complete(deps, request).catch(() => undefined);
      await expect(complete(deps, request)).rejects.toMatchObject({ code: 'state_invalid' });
      expect(deps.oauth.callsTo('exchangeCode')).toHaveLength(1);
    });

    it('does not hide an internal error', async () => {
      const deps = connectDeps();
      const fault = new Error('ours');
      deps.oauth.exchangeCode = vi.fn().mockRejectedValue(fault);
      await expect(complete(deps, await flow(deps))).rejects.toBe(fault);
    });
  });

  it('stores nothing when the keys are unavailable, and sends no second request', async () => {
    const deps = connectDeps();
    const request = await flow(deps);
    deps.sealer.seal = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(complete(deps, request)).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(complete(deps, request)).rejects.toMatchObject({ code: 'state_invalid' });
    expect(deps.oauth.callsTo('exchangeCode')).toHaveLength(1);
    expect(storedItems(deps)).toEqual([]);
  });

  describe('an erasure of the user', () => {
    it('before it ends the flow', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      await eraseUser(deps, { userId: ALICE });
      await expectRefused(deps, request);
    });

    it('under way ends the flow', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      await markErasing(deps);
      await expectRefused(deps, request);
    });

    it('during the exchange leaves nothing stored', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.oauth.script.meanwhile = async ({ to }) => to === 'exchangeCode' && eraseUser(deps, { userId: ALICE });
      await expect(complete(deps, request)).rejects.toMatchObject({ code: 'state_invalid' });
      expect(storedItems(deps)).toEqual([]);
    });

    it('that begins during the exchange leaves nothing stored', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.oauth.script.meanwhile = async ({ to }) => to === 'exchangeCode' && markErasing(deps);
      await expect(complete(deps, request)).rejects.toMatchObject({ code: 'user_erasing' });
      expect(storedItems(deps)).toEqual([]);
    });

    it('does not end a flow started after it', async () => {
      const deps = connectDeps();
      await eraseUser(deps, { userId: ALICE });
      await expect(complete(deps, await flow(deps))).resolves.toMatchObject({ created: true });
    });

    it('of another user ends nothing', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      await eraseUser(deps, { userId: BOB });
      await expect(complete(deps, request)).resolves.toMatchObject({ created: true });
    });
  });

  describe('a provider whose configuration changed meanwhile', () => {
    it('cannot be completed when the operator has removed the client', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.providers.set({ ...knownProvider(), client: null });
      await expectRefused(deps, request, 'provider_not_configured');
    });

    it('cannot be completed when the provider is no longer known', async () => {
      const deps = connectDeps();
      const request = await flow(deps);
      deps.providers.remove('acme');
      await expectRefused(deps, request, 'provider_unknown');
    });
  });

  describe('with a named credential', () => {
    const upgrade = async (deps: MemoryDeps) => {
      await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['read'] }));
      return flow(deps, {}, { credentialId: 'c' });
    };

    it('replaces it', async () => {
      const deps = connectDeps();
      expect(await complete(deps, await upgrade(deps))).toMatchObject({ created: false, credential: { id: 'c' } });
    });

    it('covers the stored scopes, also when only the new ones were requested and the reply names none', async () => {
      const deps = connectDeps({ incrementalScopes: true });
      deps.oauth.script.codes.set(CODE, newGrant({ scopes: null }));
      await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['read'] }));
      const request = await flow(deps, {}, { credentialId: 'c', scopes: ['write'] });
      expect(deps.oauth.authorizations[0]?.scopes).toEqual(['write']);
      expect(await complete(deps, request)).toMatchObject({
        created: false,
        credential: { id: 'c', scopes: ['read', 'write'] },
      });
    });

    it('is checked again after the exchange', async () => {
      const deps = connectDeps();
      const request = await upgrade(deps);
      deps.oauth.script.meanwhile = async () => deps.table.users.get(ALICE)?.credentials.delete('c');
      await expect(complete(deps, request)).rejects.toMatchObject({ code: 'not_upgradable' });
    });
  });
});
