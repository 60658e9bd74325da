// Checks: which request is made with which secret, and what is made of what the provider says. What a reply means is shown in
// unit/adapters/oauth/check-credential.test.ts.
import { describe, expect, it, vi } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { CheckReply } from '../../../../lib/domain/ports/provider-api.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { checkCredential, checkStoredCredential } from '../../../../lib/operations/credential/check-credential.ts';
import { verifySecret } from '../../../../lib/steps/credential/verify-secret.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  MINUTE,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  putRawItem,
  START,
  userWith,
} from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const UNKNOWN: CheckReply = { result: 'unknown', providerStatus: null, account: null };
const ANN = { id: 'a-1', name: 'Ann' };
const API = {
  apiBaseUrl: 'https://api.acme.example',
  verification: { method: 'GET' as const, path: '/me', headers: { 'x-version': '1' }, invalidWhen: [{ status: 403 }] },
};
const AT_ACME = { provider: 'acme' };

const acme = (record: Parameters<typeof knownProvider>[0] = API) => memoryProviders(knownProvider(record));
const depsWith = (record?: Parameters<typeof knownProvider>[0]) => memoryDeps({ providers: acme(record) });

describe('checkCredential', () => {
  it('sends the call of the record with the secret, and answers what the provider says', async () => {
    const deps = depsWith();
    deps.providerApi.reply = { result: 'invalid', providerStatus: 403, account: null };
    expect(await checkCredential(deps, { credential: newApiKey(AT_ACME) })).toEqual(deps.providerApi.reply);
    expect(deps.providerApi.calls).toEqual([
      {
        method: 'GET',
        url: 'https://api.acme.example/me',
        headers: { 'x-version': '1', authorization: 'Bearer key-1' },
        invalidWhen: [{ status: 403 }],
        account: null,
      },
    ]);
  });

  it('places the secret as resolve does', async () => {
    const deps = depsWith();
    deps.placements = { keyPlacement: async () => ({ query: 'key' }) };
    await checkCredential(deps, { credential: newApiKey(AT_ACME) });
    expect(deps.providerApi.calls[0]).toMatchObject({ url: 'https://api.acme.example/me?key=key-1' });
    await checkCredential(deps, { credential: newUserPassword({ ...AT_ACME, username: 'ann', password: 'p' }) });
    expect(deps.providerApi.calls[1]?.headers).toMatchObject({ authorization: `Basic ${btoa('ann:p')}` });
  });

  it('sends host headers only where their host is the one of the call', async () => {
    const deps = depsWith();
    const elsewhere = newHostScoped({ ...AT_ACME, host: 'api.other.example' });
    expect(await checkCredential(deps, { credential: elsewhere })).toEqual(UNKNOWN);
    expect(deps.providerApi.calls).toEqual([]);
    await checkCredential(deps, { credential: newHostScoped({ ...AT_ACME, host: '*.acme.example' }) });
    expect(deps.providerApi.calls[0]?.headers).toMatchObject({ 'x-token': 'header-1' });
  });

  it('lets the secret win over a header of the record', async () => {
    const deps = depsWith({ ...API, verification: { ...API.verification, headers: { authorization: 'none' } } });
    await checkCredential(deps, { credential: newApiKey(AT_ACME) });
    expect(deps.providerApi.calls[0]?.headers).toEqual({ authorization: 'Bearer key-1' });
  });

  it.each([
    ['no record', { provider: 'nothing-known' }],
    ['a key that cannot be sent', { ...AT_ACME, apiKey: 'a\nb' }],
  ])('makes no call with %s', async (_, given) => {
    const deps = depsWith();
    expect(await checkCredential(deps, { credential: newApiKey(given) })).toEqual(UNKNOWN);
    expect(deps.providerApi.calls).toEqual([]);
  });

  it.each([
    ['no call', { apiBaseUrl: 'https://api.acme.example' }],
    ['no base URL', { verification: API.verification }],
    [
      'an unfilled variable',
      { ...API, apiBaseUrl: 'https://{shop}.acme.example', templateVariables: { shop: { pattern: '\\w+' } } },
    ],
  ])('makes no call where the record has %s', async (_, record) => {
    const deps = depsWith(record);
    expect(await checkCredential(deps, { credential: newApiKey(AT_ACME) })).toEqual(UNKNOWN);
    expect(deps.providerApi.calls).toEqual([]);
  });

  it('checks a token at the identity endpoint where no call is known, and refreshes nothing', async () => {
    const deps = depsWith({ identityEndpoint: 'https://acme.example/me', identityIdPath: 'id' });
    const reply: CheckReply = { result: 'valid', providerStatus: 200, account: ANN };
    deps.oauth.script.checks.set('access-1', reply);
    const credential = newOAuth2({ ...AT_ACME, refreshToken: 'r-1', accessTokenExpiresAt: START - 1 });
    expect(await checkCredential(deps, { credential })).toEqual(reply);
    expect(deps.oauth.calls.map(({ to }) => to)).toEqual(['checkToken']);
    expect(await checkCredential(deps, { credential: newApiKey(AT_ACME) })).toEqual(UNKNOWN);
  });

  it.each([
    ['client', { clientId: 'another' }],
    ['origin', { clientId: 'client-1', tokenOrigin: 'https://moved.example' }],
  ])('asks no identity endpoint about a grant of another %s', async (_, binding) => {
    const deps = depsWith({ identityEndpoint: 'https://acme.example/me', identityIdPath: 'id' });
    const secret = { accessToken: 'access-1', ...binding };
    const given = { ...AT_ACME, type: 'oauth2' as const, host: null, data: {}, secret };
    expect(await verifySecret(deps, given)).toEqual(UNKNOWN);
    expect(deps.oauth.calls).toEqual([]);
    await verifySecret(deps, {
      ...given,
      secret: { ...secret, clientId: 'client-1', tokenOrigin: 'https://acme.example' },
    });
    expect(deps.oauth.calls).toMatchObject([{ to: 'checkToken', client: { clientId: 'client-1' } }]);
  });

  it.each([
    ['client', { clientId: 'another' }],
    ['origin', { clientId: 'client-1', tokenOrigin: 'https://moved.example' }],
  ])('sends no token of a grant of another %s to the API', async (_, binding) => {
    const deps = depsWith({ apiBaseUrl: 'https://api.acme.example', verification: { method: 'GET', path: '/me' } });
    const check = vi.spyOn(deps.providerApi, 'check');
    const secret = { accessToken: 'access-1', ...binding };
    const given = { ...AT_ACME, type: 'oauth2' as const, host: null, data: {}, secret };
    expect(await verifySecret(deps, given)).toEqual(UNKNOWN);
    expect(check).not.toHaveBeenCalled();
    await verifySecret(deps, { ...given, secret: { accessToken: 'access-1', clientId: 'client-1' } });
    expect(check).toHaveBeenCalledOnce();
  });

  it.each(['/v1/ping/', '/v1/ping?a=b/'])('calls the path %s as it stands', async (path) => {
    const deps = depsWith({ apiBaseUrl: 'https://api.acme.example', verification: { method: 'GET', path } });
    await checkCredential(deps, { credential: newApiKey(AT_ACME) });
    expect(deps.providerApi.calls[0]?.url).toBe(`https://api.acme.example${path}`);
  });

  it('adds the account of a token that is valid', async () => {
    const deps = depsWith();
    deps.oauth.script.checks.set('access-1', { result: 'valid', providerStatus: 200, account: ANN });
    const credential = newOAuth2(AT_ACME);
    expect((await checkCredential(deps, { credential })).account).toEqual(ANN);
    deps.providerApi.reply = { result: 'invalid', providerStatus: 401, account: null };
    expect((await checkCredential(deps, { credential })).account).toBeNull();
    // One call more, and only for a token that is taken.
    expect(deps.oauth.calls.map(({ to }) => to)).toEqual(['checkToken']);
  });

  it('reads the account from the call where it is the identity endpoint’s', async () => {
    const paths = { identityIdPath: 'id', identityNamePath: 'name' };
    const deps = depsWith({ ...API, identityEndpoint: 'https://api.acme.example/me', ...paths });
    await checkCredential(deps, { credential: newApiKey(AT_ACME) });
    expect(deps.providerApi.calls[0]?.account).toEqual(paths);
  });

  it('throws when the operator’s providers cannot be read: the secret could go to the wrong address', async () => {
    const deps = depsWith();
    deps.providers.find = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    const checking = checkCredential(deps, { credential: newApiKey({ provider: 'openai' }) });
    await expect(checking).rejects.toMatchObject({ code: 'secrets_unavailable' });
    expect(deps.providerApi.calls).toEqual([]);
  });
});

describe('checkStoredCredential', () => {
  const check = (deps: Parameters<typeof checkStoredCredential>[0], id = 'a', userId = ALICE) =>
    checkStoredCredential(deps, { userId, id });

  it('checks what is stored and changes nothing', async () => {
    const deps = await userWith([newApiKey({ ...AT_ACME, id: 'a' })], { providers: acme() });
    const before = await deps.users.readUser(ALICE);
    deps.providerApi.reply = { result: 'invalid', providerStatus: 401, account: null };
    expect(await check(deps)).toEqual(deps.providerApi.reply);
    expect(await deps.users.readUser(ALICE)).toEqual(before);
  });

  it('answers credential_not_found for another user’s, an unknown and a system id', async () => {
    const deps = await userWith([newApiKey({ ...AT_ACME, id: 'a' })], { keys: { openai_api_key: 'k' } });
    for (const [id, userId] of [
      ['a', BOB],
      ['b', ALICE],
      ['53c25cb8-e3ee-465c-a4d1-e75a4c899c2a', ALICE],
    ])
      await expect(check(deps, id, userId)).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it('answers credential_unreadable and reconnect_required without a call', async () => {
    const expired = newApiKey({ ...AT_ACME, id: 'old', expiresAt: START - MINUTE });
    const deps = await userWith([expired], { providers: acme() });
    putRawItem(deps, 'broken', BROKEN_ITEM);
    await expect(check(deps, 'broken')).rejects.toMatchObject({ code: 'credential_unreadable' });
    await expect(check(deps, 'old')).rejects.toMatchObject({
      code: 'reconnect_required',
      members: { reason: 'expired' },
    });
    expect(deps.providerApi.calls).toEqual([]);
  });

  const grant = newOAuth2({ ...AT_ACME, id: 'a', refreshToken: 'r-1', accessTokenExpiresAt: START + MINUTE });

  it('checks a token that is still valid as it is', async () => {
    const deps = await userWith([grant], { providers: acme() });
    await check(deps);
    expect(deps.oauth.callsTo('refresh')).toEqual([]);
    expect(deps.providerApi.calls[0]?.headers.authorization).toBe('Bearer access-1');
  });

  it('refreshes an expired token first', async () => {
    const deps = await userWith([grant], { providers: acme() });
    deps.oauth.script.refreshTokens.set('r-1', newGrant({ accessToken: 'access-2', expiresInSeconds: 3600 }));
    deps.clock.advance(2 * MINUTE);
    expect(await check(deps)).toMatchObject({ result: 'valid' });
    expect(deps.providerApi.calls[0]?.headers.authorization).toBe('Bearer access-2');
    expect(deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('says reconnect_required when the refresh is refused, and unknown when it cannot be made now', async () => {
    const deps = await userWith([grant], { providers: acme() });
    deps.clock.advance(2 * MINUTE);
    deps.oauth.script.refreshTokens.set('r-1', new ProviderFault('transient'));
    expect(await check(deps)).toEqual(UNKNOWN);
    deps.clock.advance(2 * MINUTE);
    deps.oauth.script.refreshTokens.delete('r-1');
    await expect(check(deps)).rejects.toMatchObject({ code: 'reconnect_required' });
  });
});
