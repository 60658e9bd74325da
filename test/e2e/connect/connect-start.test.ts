// What a connection can be started for, and the authorization URL it gets. A refused start creates no state and sends no request
// to a provider.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  connect,
  makeConnector,
  PLANES,
  receiptFor,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const { url } = provider;
  const tenantUrl = (path: string) => `${url}/{tenant}/${path}`;
  const providers = {
    acme: provider.entry('acme', {
      extraAuthorizationParams: { access_type: 'offline', state: 'theirs', scope: 'all' },
    }),
    other: provider.entry('other'),
    plain: provider.entry('plain', { sendPkce: false, scopeSeparator: ',', defaultScopes: undefined }),
    growing: provider.entry('growing', { incrementalScopes: true, refreshTokenScope: 'offline' }),
    tenants: provider.entry('tenants', {
      authorizationEndpoint: tenantUrl('authorize'),
      tokenEndpoint: tenantUrl('token'),
      revocationEndpoint: tenantUrl('revoke'),
      templateVariables: { tenant: { pattern: '[a-z]{1,10}' } },
    }),
    common: provider.entry('common', {
      tokenEndpoint: tenantUrl('token'),
      templateVariables: { tenant: { pattern: '[a-z]{1,10}', default: 'everyone' } },
    }),
  };
  keyhold = await startConnecting(providers, { MAX_OPEN_STATES_PER_USER: '20' });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const readParameters = (url: URL) => Object.fromEntries(url.searchParams);
let strangers = 0;
const stranger = () => makeConnector(keyhold, 'runtime', `stranger-${++strangers}`);

describe.each(PLANES)('a start on the %s plane', (plane) => {
  const connector = (name: string) => makeConnector(keyhold, plane, `${name}-${plane}`);

  it("returns a URL with state, challenge, redirect URI, scopes and the provider's own parameters", async () => {
    const { state, url, expiresAt } = await connector('url').begin();
    const { code_challenge: challenge, ...rest } = readParameters(url);
    expect(`${url.origin}${url.pathname}`).toBe(`${provider.url}/acme/authorize`);
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(rest).toEqual({
      response_type: 'code',
      client_id: 'client-of-acme',
      redirect_uri: `${keyhold.url}/v1/oauth/callback`,
      state,
      scope: 'read write',
      code_challenge_method: 'S256',
      access_type: 'offline',
    });
    expect(url.searchParams.getAll('state')).toEqual([state]);
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeLessThanOrEqual(600_000);
    expect(left).toBeGreaterThan(540_000);
    const again = await connector('url').begin();
    expect([again.state === state, again.url.searchParams.get('code_challenge') === challenge]).toEqual([false, false]);
  });

  it('sends no challenge and no verifier when the record says so, and joins scopes as the record says', async () => {
    const user = connector('plain');
    const { state, url } = await user.begin({ provider: 'plain', scopes: ['a', 'b'] });
    expect(Object.keys(readParameters(url)).toSorted()).toEqual([
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ]);
    expect(url.searchParams.get('scope')).toBe('a,b');
    await user.complete({ state, receipt: await receiptFor(keyhold, { state, code: 'x' }) });
    expect(provider.requests('/plain/token')[0]?.form).not.toHaveProperty('code_verifier');
    expect((await user.begin({ provider: 'plain' })).url.searchParams.has('scope')).toBe(false);
  });

  it('requests the union with the stored scopes, or only the new ones at an incremental provider', async () => {
    const user = connector('scopes');
    const held = await connect(keyhold, user, { provider: 'acme' });
    const union = await user.begin({ credentialId: held.json.id, scopes: ['admin', 'read'] });
    expect(union.url.searchParams.get('scope')?.split(' ').toSorted()).toEqual(['admin', 'read', 'write']);
    provider.grants('growing', { scope: 'read write offline' });
    const growing = await connect(keyhold, user, { provider: 'growing' });
    const more = await user.begin({ provider: 'growing', credentialId: growing.json.id, scopes: ['admin', 'read'] });
    expect(more.url.searchParams.get('scope')).toBe('admin');
  });

  it.each([
    ['is unknown', 'nosuch', [404, 'provider_unknown']],
    ['is in the catalogue only', 'github', [501, 'provider_not_configured']],
  ])('for a provider that %s is refused', async (_, name, expected) => {
    const user = connector('unknown');
    expect(refusal(await user.start({ provider: name }))).toEqual(expected);
    expect(refusal(await user.startDevice({ provider: name }))).toEqual(expected);
  });

  it("for a credential that is not of the provider's OAuth is refused", async () => {
    const user = connector('targets');
    const grant = await connect(keyhold, user, { provider: 'other' });
    const key = { type: 'api_key', provider: 'acme', apiKey: 'k' };
    const { json } = await keyhold.worker.call('POST', `/v1/users/${user.userId}/credentials`, key);
    const foreign = await connect(keyhold, connector('targets-other'), {});
    const into = async (credentialId: string) => refusal(await user.start({ provider: 'acme', credentialId }));
    expect(await into(OLLAMA)).toEqual([400, 'not_upgradable']);
    expect(await into(json.id)).toEqual([400, 'not_upgradable']);
    expect(await into(grant.json.id)).toEqual([400, 'not_upgradable']);
    expect(await into('nosuch')).toEqual([404, 'credential_not_found']);
    expect(await into(foreign.json.id)).toEqual([404, 'credential_not_found']);
  });

  it('counts the open states', async () => {
    const user = connector('many');
    for (let opened = 0; opened < 20; opened += 1) await user.begin();
    expect(refusal(await user.start({ provider: 'acme' }))).toEqual([429, 'too_many_open_states']);
    await stranger().begin();
  });
});

describe('a provider with a tenant in its URLs', () => {
  it("gets every request at the tenant's own endpoints", async () => {
    const user = stranger();
    const first = await connect(keyhold, user, { provider: 'tenants', variables: { tenant: 'blue' } });
    const other = await connect(keyhold, user, { provider: 'tenants', variables: { tenant: 'green' } });
    // The same account id at another tenant is another account.
    expect([first.status, other.status]).toEqual([201, 201]);
    expect((await connect(keyhold, user, { provider: 'tenants', variables: { tenant: 'blue' } })).json.id).toBe(
      first.json.id,
    );
    await user.remove(other.json.id);
    const paths = provider.requests().map(({ path }) => path);
    expect(paths).toEqual(['/blue/token', '/green/token', '/blue/token', '/green/revoke', '/green/revoke']);
    const { url } = await user.begin({ provider: 'tenants', variables: { tenant: 'red' } });
    expect(url.pathname).toBe('/red/authorize');
  });

  it('has a default tenant when the record names one', async () => {
    await connect(keyhold, stranger(), { provider: 'common' });
    await connect(keyhold, stranger(), { provider: 'common', variables: { tenant: 'mine' } });
    expect(provider.requests().map(({ path }) => path)).toEqual(['/everyone/token', '/mine/token']);
  });

  it.each([
    ['is missing', 'tenants', {}],
    ['is empty', 'tenants', { tenant: '' }],
    ['changes the path', 'tenants', { tenant: '../acme' }],
    ['has a slash', 'tenants', { tenant: 'a/b' }],
    ['changes the host', 'tenants', { tenant: 'a@evil.example.com' }],
    ['has a line break', 'tenants', { tenant: 'blue\n' }],
    ['is too long for its pattern', 'tenants', { tenant: 'abcdefghijk' }],
    ['is a template itself', 'tenants', { tenant: '{tenant}' }],
    ["is not among the provider's variables", 'tenants', { tenant: 'blue', shop: 'x' }],
    ['is given to a provider without variables', 'acme', { tenant: 'blue' }],
    ['has a name of Object.prototype', 'acme', { constructor: 'blue' }],
  ])('is refused when the tenant %s', async (_, name, variables) => {
    const reply = await stranger().start({ provider: name, variables });
    expect(refusal(reply)).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(reply.json)).not.toContain('evil');
  });
});
