// The scopes of a connection as providers really answer them, in resolve, upgrade, merge and replace: one rule in all of them.
import { describe, expect, it } from 'vitest';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { findCatalogueProvider } from '../../../../lib/providers/catalogue.ts';
import { ALICE, newOAuth2, START, stored } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const GOOGLE = 'https://www.googleapis.com/auth';

/** A deployment with a provider of the catalogue, or an operator's own. */
const connectDeps = (record: Partial<ProviderRecord> | string): MemoryDeps => {
  if (typeof record !== 'string') return memoryDeps({ providers: memoryProviders(knownProvider(record)) });
  const profile = providerProfile('acme', findCatalogueProvider(record) as ProviderRecord);
  return memoryDeps({ providers: memoryProviders({ ...knownProvider(), profile }) });
};

interface Connecting {
  asked: string[];
  reply?: string[] | null;
  callback?: Record<string, unknown>;
  credentialId?: string;
  variables?: Record<string, string>;
}

const connect = async (
  deps: MemoryDeps,
  { asked, reply = null, callback = {}, credentialId, variables }: Connecting,
) => {
  deps.oauth.script.codes.set('code-1', newGrant({ scopes: reply, refreshToken: 'r' }));
  const request = { userId: ALICE, provider: 'acme', scopes: asked, credentialId, variables };
  const { state } = await startConnection(deps, request);
  const received = await receiveCallback(deps, { state, code: 'code-1', ...callback });
  const receipt = received.kind === 'received' ? received.receipt : '';
  return completeConnection(deps, { userId: ALICE, state, receipt });
};

const missing = (deps: MemoryDeps, scopes: string[]): Promise<unknown> =>
  resolveCredential(deps, { userId: ALICE, provider: 'acme', scopes }).then(
    () => [],
    ({ code, members }) => (code === 'insufficient_scopes' ? members.missingScopes : code),
  );

describe('scopes in resolve', () => {
  it.each<[string, Connecting, string[], string[]]>([
    [
      'microsoft',
      { asked: ['offline_access', 'Mail.Read'], reply: ['Mail.Read'] },
      ['offline_access', 'Mail.Read'],
      [],
    ],
    ['microsoft', { asked: ['mail.read'], reply: ['Mail.Read', 'openid'] }, ['mail.read', 'offline_access'], []],
    [
      'microsoft',
      { asked: [], reply: ['User.Read'] },
      ['https://graph.microsoft.com/User.Read', 'Mail.Send'],
      ['Mail.Send'],
    ],
    ['google', { asked: ['email'], reply: ['openid', `${GOOGLE}/userinfo.email`] }, ['openid', 'email'], []],
    [
      'google',
      { asked: ['profile', `${GOOGLE}/drive`], reply: [`${GOOGLE}/userinfo.profile`] },
      [`${GOOGLE}/drive`],
      [`${GOOGLE}/drive`],
    ],
    ['google', { asked: ['email'], reply: [`${GOOGLE}/userinfo.email`] }, ['profile'], ['profile']],
    [
      'shopify',
      { asked: ['read_products', 'write_products'], reply: ['write_products'], variables: { shop: 's' } },
      ['read_products'],
      [],
    ],
    [
      'shopify',
      { asked: ['read_orders'], reply: ['read_orders'], variables: { shop: 's' } },
      ['write_orders'],
      ['write_orders'],
    ],
    ['github', { asked: ['user', 'user:email'], reply: ['user'] }, ['user:email', 'read:user'], []],
    ['github', { asked: ['admin:org'], reply: ['admin:org'] }, ['read:org'], []],
    ['salesforce', { asked: ['offline_access', 'openid'], reply: ['openid', 'refresh_token'] }, ['offline_access'], []],
    ['strava', { asked: ['activity:read_all'], reply: ['activity:read_all'] }, ['activity:read'], []],
  ])('%s answers %j, and a call for %j lacks %j', async (provider, connecting, wanted, expected) => {
    const deps = connectDeps(provider);
    await connect(deps, connecting);
    expect(await missing(deps, wanted)).toEqual(expected);
  });

  it('chooses the credential that covers the scopes by the rules', async () => {
    const deps = connectDeps({ scopeImplies: { write: ['read'] } });
    await stored(deps, newOAuth2({ id: 'first', provider: 'acme', scopes: ['other'] }));
    await stored(deps, newOAuth2({ id: 'second', provider: 'acme', scopes: ['write'] }));
    const { credential } = await resolveCredential(deps, { userId: ALICE, provider: 'acme', scopes: ['read'] });
    expect(credential.id).toBe('second');
  });

  it('compares by the rules after a refresh that names fewer scopes', async () => {
    const deps = connectDeps({ scopeImplies: { write: ['read'] } });
    const expired = { accessTokenExpiresAt: START - 1, refreshToken: 'r1' };
    await stored(deps, newOAuth2({ provider: 'acme', scopes: ['read', 'write'], ...expired }));
    deps.oauth.script.refreshTokens.set('r1', newGrant({ scopes: ['write'] }));
    expect(await missing(deps, ['read', 'offline_access'])).toEqual([]);
  });
});

describe('scopes told in the callback', () => {
  const record = { callbackScopeParam: 'scope' };

  it.each<[string, Connecting, string[] | null]>([
    [
      'are granted when the reply names none',
      { asked: ['read', 'write'], callback: { scope: 'read,list' } },
      ['read', 'list'],
    ],
    ['are none when empty', { asked: ['read'], callback: { scope: '' } }, []],
    ['give way to the reply', { asked: ['read'], reply: ['write'], callback: { scope: 'read' } }, ['write']],
    ['are the requested ones when absent', { asked: ['read'] }, ['read']],
  ])('%s', async (_, connecting, scopes) => {
    const { credential } = await connect(connectDeps(record), connecting);
    expect(credential.scopes).toEqual(scopes);
  });

  it.each<[string, unknown]>([
    ['a parameter given twice', ['a', 'b']],
    ['text beyond the bound', 'a'.repeat(2_049)],
  ])('are refused from %s', async (_, scope) => {
    const connecting = connect(connectDeps(record), { asked: ['read'], callback: { scope } });
    await expect(connecting).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('are read from the parameters that the application’s own page brings', async () => {
    const deps = connectDeps(record);
    deps.oauth.script.codes.set('code-1', newGrant({ scopes: null, refreshToken: 'r' }));
    const callbackUrl = 'https://app.example/callback';
    const redirects = { ...deps.redirects, allowedCallbackUrls: [callbackUrl] };
    const request = { userId: ALICE, provider: 'acme', scopes: ['read', 'write'], callbackUrl };
    const { state } = await startConnection({ ...deps, redirects }, request);
    const completion = { userId: ALICE, state, code: 'code-1', parameters: { scope: 'read' } };
    expect((await completeConnection(deps, completion)).credential.scopes).toEqual(['read']);
  });

  it('stay missing where a person unticked them (Strava)', async () => {
    const deps = connectDeps('strava');
    await connect(deps, { asked: ['read', 'activity:write'], callback: { scope: 'read' } });
    expect(await missing(deps, ['read', 'activity:write'])).toEqual(['activity:write']);
  });

  it('are ignored where the record names no parameter', async () => {
    const { credential } = await connect(connectDeps({}), { asked: ['read'], callback: { scope: 'write' } });
    expect(credential.scopes).toEqual(['read']);
  });
});

describe('scopes in upgrade and merge', () => {
  it('requests what a stored scope does not contain', async () => {
    const deps = connectDeps({ incrementalScopes: true, scopeImplies: { write: ['read'] } });
    await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['write'] }));
    await startConnection(deps, {
      userId: ALICE,
      provider: 'acme',
      scopes: ['read', 'list', 'openid'],
      credentialId: 'c',
    });
    expect(deps.oauth.authorizations[0]?.scopes).toEqual(['list', 'openid']);
  });

  it.each<[string, Partial<ProviderRecord>, string[], string[]]>([
    ['under another name', { scopeAliases: { email: 'info.email' } }, ['email'], ['info.email']],
    ['within a wider one', { scopeImplies: { write: ['read'] } }, ['read', 'write'], ['write']],
    ['that are not reported', {}, ['read', 'offline_access'], ['read']],
    ['that the record says are not reported', { scopesNotReported: ['forever'] }, ['read', 'forever'], ['read']],
  ])('merges a grant of the stored scopes %s', async (_, record, before, reply) => {
    const deps = connectDeps(record);
    await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: before }));
    const saved = await connect(deps, { asked: before, reply, credentialId: 'c' });
    expect(saved).toMatchObject({ created: false, credential: { id: 'c', scopes: reply } });
  });

  it('keeps a grant apart that does not cover the stored scopes', async () => {
    const deps = connectDeps({ scopeImplies: { write: ['read'] } });
    await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['write'] }));
    expect(await connect(deps, { asked: ['read'], reply: ['read'], credentialId: 'c' })).toMatchObject({
      created: true,
    });
  });
});

describe('scopes in replace', () => {
  const replace = (deps: MemoryDeps, scopes: string[]) =>
    replaceCredential(deps, { userId: ALICE, id: 'c', credential: newOAuth2({ provider: 'acme', scopes }) });

  it('accepts a wider scope in place of those it contains', async () => {
    const deps = connectDeps({ scopeImplies: { write: ['read'] } });
    await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['read', 'openid'] }));
    expect(await replace(deps, ['write'])).toMatchObject({ scopes: ['write'] });
  });

  it('refuses a narrower one', async () => {
    const deps = connectDeps({ scopeImplies: { write: ['read'] } });
    await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['write'] }));
    await expect(replace(deps, ['read'])).rejects.toMatchObject({
      code: 'scopes_narrowed',
      members: { missingScopes: ['write'] },
    });
  });
});
