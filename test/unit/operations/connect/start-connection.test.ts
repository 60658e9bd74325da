// Starting a connection: the authorization URL, the stored state, and the refusals.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import { type StartConnection, startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  markErasing,
  newApiKey,
  newOAuth2,
  putRawItem,
  START,
  stored,
  userRecord,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { CLIENT_SECRET, knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const connectDeps = (record: Parameters<typeof knownProvider>[0] = {}): MemoryDeps =>
  memoryDeps({ providers: memoryProviders(knownProvider(record)) });

const start = (deps: MemoryDeps, given: Partial<StartConnection> = {}) =>
  startConnection(deps, { userId: ALICE, provider: 'acme', ...given });

/** The arguments of the last authorization URL. */
const asked = ({ oauth }: MemoryDeps) => oauth.authorizations.at(-1);
const askedFor = async (deps: MemoryDeps, given: Partial<StartConnection> = {}) => {
  await start(deps, given);
  return asked(deps);
};
const stateRows = ({ table }: MemoryDeps) => [...table.states.values()];

describe('startConnection', () => {
  it('returns a state, the authorization URL and the expiry', async () => {
    const deps = connectDeps();
    const { state, authorizationUrl, expiresAt } = await start(deps);
    expect(state).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new URL(authorizationUrl).searchParams.get('state')).toBe(state);
    expect(expiresAt).toBe(START + 600_000);
  });

  it('calls no provider and stores no credential', async () => {
    const deps = connectDeps();
    await start(deps);
    expect(deps.oauth.calls).toEqual([]);
    expect(userRecord(deps)).toBeNull();
  });

  it('gives every flow a different state, verifier and seal', async () => {
    const deps = connectDeps();
    const started = [await start(deps), await start(deps)];
    expect(new Set(started.map(({ state }) => state)).size).toBe(2);
    expect(new Set(deps.oauth.authorizations.map((request) => request.codeChallenge)).size).toBe(2);
    expect(new Set(stateRows(deps).map(({ sealed }) => sealed)).size).toBe(2);
  });

  it('throws provider_unknown for an unknown provider', async () => {
    await expect(start(connectDeps(), { provider: 'unknown' })).rejects.toMatchObject({ code: 'provider_unknown' });
  });

  it('throws provider_not_configured when the operator has no client', async () => {
    const deps = memoryDeps({ providers: memoryProviders({ ...knownProvider(), client: null }) });
    await expect(start(deps)).rejects.toMatchObject({ code: 'provider_not_configured' });
  });

  describe('the redirect URI', () => {
    it("is the service's callback when none is named", async () => {
      expect((await askedFor(connectDeps()))?.redirectUri).toBe('https://keyhold.example/v1/oauth/callback');
    });

    it('is the callback URL as the caller wrote it', async () => {
      const callbackUrl = 'https://app.example/oauth/callback';
      expect((await askedFor(connectDeps(), { callbackUrl }))?.redirectUri).toBe(callbackUrl);
    });
  });

  describe('the PKCE challenge', () => {
    it('is the S256 challenge of a verifier that is not answered', async () => {
      const request = await askedFor(connectDeps());
      expect(request?.codeChallenge).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(request?.codeChallenge).not.toBe(request?.state);
    });

    it('is absent when the record disables PKCE', async () => {
      expect((await askedFor(connectDeps({ sendPkce: false })))?.codeChallenge).toBeNull();
    });

    it('is there when the record enables PKCE', async () => {
      expect((await askedFor(connectDeps({ sendPkce: true })))?.codeChallenge).not.toBeNull();
    });
  });

  describe('the requested scopes', () => {
    it('are the default scopes when none are named', async () => {
      expect((await askedFor(connectDeps({ defaultScopes: ['read'] })))?.scopes).toEqual(['read']);
    });

    it('are only the named scopes when any are named', async () => {
      const request = await askedFor(connectDeps({ defaultScopes: ['read'] }), { scopes: ['write'] });
      expect(request?.scopes).toEqual(['write']);
    });

    it("include the provider's scope for a refresh token", async () => {
      const request = await askedFor(connectDeps({ refreshTokenScope: 'offline' }), { scopes: ['read'] });
      expect(request?.scopes).toEqual(['read', 'offline']);
    });

    it('are the stored and the new scopes for an upgrade', async () => {
      const deps = connectDeps();
      await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['read', 'list'] }));
      const request = await askedFor(deps, { credentialId: 'c', scopes: ['write', 'read'] });
      expect(request?.scopes).toEqual(['read', 'list', 'write']);
    });

    it('are only the new scopes for an upgrade at a provider with incremental scopes', async () => {
      const deps = connectDeps({ incrementalScopes: true });
      await stored(deps, newOAuth2({ id: 'c', provider: 'acme', scopes: ['read', 'list'] }));
      const request = await askedFor(deps, { credentialId: 'c', scopes: ['write', 'read'] });
      expect(request?.scopes).toEqual(['write']);
    });
  });

  describe('an upgrade', () => {
    const upgrade = (deps: MemoryDeps, credentialId = 'c', userId = ALICE) => start(deps, { credentialId, userId });

    it('answers credential_not_found for an unknown id', async () => {
      await expect(upgrade(connectDeps())).rejects.toMatchObject({ code: 'credential_not_found' });
    });

    it("answers credential_not_found for another user's credential", async () => {
      const deps = connectDeps();
      await stored(deps, newOAuth2({ id: 'c', provider: 'acme' }), BOB);
      await expect(upgrade(deps)).rejects.toMatchObject({ code: 'credential_not_found' });
    });

    it('refuses an OAuth credential of another provider', async () => {
      const deps = connectDeps();
      await stored(deps, newOAuth2({ id: 'c', provider: 'other' }));
      await expect(upgrade(deps)).rejects.toMatchObject({ code: 'not_upgradable' });
    });

    it('refuses a credential of another type', async () => {
      const deps = connectDeps();
      await stored(deps, newApiKey({ id: 'c', provider: 'acme' }));
      await expect(upgrade(deps)).rejects.toMatchObject({ code: 'not_upgradable' });
    });

    it('refuses an unreadable row', async () => {
      const deps = connectDeps();
      putRawItem(deps, 'c', { ...BROKEN_ITEM, type: 'oauth2', provider: 'acme' });
      await expect(upgrade(deps)).rejects.toMatchObject({ code: 'not_upgradable' });
    });

    it.each(systemCredentials.map(({ id }) => id))('refuses the system credential id %s, stored or not', async (id) => {
      await expect(upgrade(connectDeps(), id)).rejects.toMatchObject({ code: 'not_upgradable' });
    });

    it('creates no state when it is refused', async () => {
      const deps = connectDeps();
      await upgrade(deps).catch(() => undefined);
      expect(stateRows(deps)).toEqual([]);
    });
  });

  describe('a return URL', () => {
    it.each(['https://app.example', 'https://app.example/', 'https://app.example/done?and=query'])(
      'may be %s, at an allowed path',
      async (returnUrl) => {
        await expect(start(connectDeps(), { returnUrl })).resolves.toBeDefined();
      },
    );

    it.each([
      ['another origin', 'https://evil.example/'],
      ['another path', 'https://app.example/any/path'],
      ['a longer path', 'https://app.example/done-evil'],
      ['a path below', 'https://app.example/done/x'],
      ['a trailing slash', 'https://app.example/done/'],
      ['a state of its own', 'https://app.example/done?state=x'],
      ['a receipt of its own', 'https://app.example/done?%72eceipt=x'],
      ['another scheme', 'http://app.example/'],
      ['another port', 'https://app.example:8443/'],
      ['a name that only starts alike', 'https://app.example.evil.example/'],
      ['a user', 'https://app.example@evil.example/'],
      ['a user at the allowed origin', 'https://user@app.example/'],
      ['no scheme', '//app.example/'],
      ['a backslash', 'https://app.example\\@evil.example/'],
      ['a trailing dot', 'https://app.example./'],
      ['capitals', 'https://APP.example/'],
      ['a fragment', 'https://app.example/#x'],
      ['an encoded slash', 'https://app.example/%2f%2fevil.example'],
      ['a line break', 'https://app.example/\r\nset-cookie: a=b'],
      ['a script', 'javascript:alert(1)'],
      ['not a URL', 'app'],
      ['nothing', ''],
      ['8 KB', `https://app.example/${'a'.repeat(8192)}`],
    ])('is refused with %s', async (_, returnUrl) => {
      const deps = connectDeps();
      await expect(start(deps, { returnUrl })).rejects.toMatchObject({ code: 'url_not_allowed' });
      expect(stateRows(deps)).toEqual([]);
    });
  });

  describe('a callback URL', () => {
    it.each([
      ['another path', 'https://app.example/oauth/other'],
      ['a query', 'https://app.example/oauth/callback?a=b'],
      ['a trailing slash', 'https://app.example/oauth/callback/'],
      ['another case', 'https://app.example/OAuth/callback'],
      ['a fragment', 'https://app.example/oauth/callback#x'],
      ['another origin', 'https://evil.example/oauth/callback'],
      ['nothing', ''],
    ])('is refused with %s', async (_, callbackUrl) => {
      await expect(start(connectDeps(), { callbackUrl })).rejects.toMatchObject({ code: 'url_not_allowed' });
    });
  });

  it('refuses all URLs when the lists are empty', async () => {
    const deps = connectDeps();
    deps.redirects = { ...deps.redirects, allowedReturnUrls: [], allowedCallbackUrls: [] };
    await expect(start(deps, { returnUrl: 'https://app.example/' })).rejects.toMatchObject({ code: 'url_not_allowed' });
    await expect(start(deps, { callbackUrl: 'https://app.example/oauth/callback' })).rejects.toMatchObject({
      code: 'url_not_allowed',
    });
  });

  describe('a provider with a tenant in its URLs', () => {
    const SHOP = {
      authorizationEndpoint: 'https://{shop}.example/authorize',
      tokenEndpoint: 'https://{shop}.example/token',
      templateVariables: { shop: { pattern: '[a-z]+' } },
    };

    it("gets the browser at the tenant's own address", async () => {
      const request = await askedFor(connectDeps(SHOP), { variables: { shop: 'one' } });
      expect(request?.client.profile.authorizationEndpoint).toBe('https://one.example/authorize');
    });

    it.each<[string, Record<string, string> | undefined]>([
      ['missing', undefined],
      ['unknown', { shop: 'one', region: 'eu' }],
      ['ill-formed', { shop: 'evil.example/' }],
    ])('refuses a variable that is %s', async (_, variables) => {
      const deps = connectDeps(SHOP);
      await expect(start(deps, { variables })).rejects.toMatchObject({ code: 'invalid_request' });
      expect(stateRows(deps)).toEqual([]);
    });
  });

  it('creates no more states than the limit allows', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 2 };
    await start(deps);
    await start(deps);
    await expect(start(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
    await expect(start(deps, { userId: BOB })).resolves.toBeDefined();
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = connectDeps();
    await markErasing(deps);
    await expect(start(deps)).rejects.toMatchObject({ code: 'user_erasing' });
    expect(stateRows(deps)).toEqual([]);
  });

  it('stores no secret and nothing of the request in plain text', async () => {
    const deps = connectDeps();
    const { state } = await start(deps, {
      scopes: ['scope-canary'],
      returnUrl: 'https://app.example/done?canary',
      metadata: { note: 'metadata-canary' },
    });
    const row = JSON.stringify(stateRows(deps));
    const texts = [row, Buffer.from(stateRows(deps)[0]?.sealed ?? '', 'base64url').toString('latin1')];
    for (const text of texts) {
      expect(text).not.toMatch(/canary|codeVerifier/);
      expect(text).not.toContain(state);
      expect(text).not.toContain(CLIENT_SECRET);
      expect(text).not.toContain(asked(deps)?.codeChallenge);
    }
  });

  it('shows the verifier in no answer', async () => {
    const deps = connectDeps();
    const answer = await start(deps);
    // 128 characters are a verifier; its challenge has 43.
    expect(JSON.stringify([answer, deps.oauth.authorizations])).not.toMatch(/[A-Za-z0-9_-]{128}/);
    expect(codeChallenge(answer.state)).not.toBe(asked(deps)?.codeChallenge);
  });
});
