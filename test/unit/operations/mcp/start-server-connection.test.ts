// Starting a connection by the URL of an MCP server: what it asks for, what it seals, and its refusals.
import { describe, expect, it, vi } from 'vitest';
import { readOperatorProvider } from '../../../../lib/adapters/secrets/operator-provider.ts';
import { chooseServerScopes } from '../../../../lib/domain/mcp/server-scopes.ts';
import { ALICE, markErasing, newOAuth2, START, stored } from '../../../support/builders.ts';
import {
  addServer,
  connected,
  ISSUER,
  SERVER,
  startServer,
  withServer,
} from '../../../support/mcp/connected-server.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { memoryProviders } from '../../../support/memory/memory-oauth.ts';

const asked = ({ oauth }: MemoryDeps) => oauth.authorizations.at(-1);
const states = ({ table }: MemoryDeps) => [...table.states.values()];

describe('a start by URL', () => {
  it('discovers, registers, and asks for the resource with PKCE', async () => {
    const deps = withServer();
    const { authorizationUrl } = await startServer(deps);
    expect(deps.discovery.asked).toEqual([{ url: SERVER, challenge: null }]);
    expect(authorizationUrl).toMatch(/^https:\/\/auth\.example\/authorize\?/);
    expect(asked(deps)).toMatchObject({
      client: { provider: 'mcp', clientId: 'client-1', profile: { resource: SERVER, sendPkce: true, issuer: ISSUER } },
      redirectUri: 'https://keyhold.example/v1/oauth/callback',
    });
    expect(asked(deps)?.codeChallenge).toMatch(/^[\w-]{43}$/);
    expect(states(deps)).toMatchObject([{ provider: 'mcp', kind: 'connection', userId: ALICE }]);
  });

  it('asks for the resource byte for byte, also where it is not the URL', async () => {
    const deps = withServer({ resource: 'https://mcp.example' });
    await startServer(deps);
    expect(asked(deps)?.client.profile.resource).toBe('https://mcp.example');
  });

  it('hands the challenge on', async () => {
    const deps = withServer();
    await startServer(deps, { challenge: 'Bearer scope="a"' });
    expect(deps.discovery.asked).toEqual([{ url: SERVER, challenge: 'Bearer scope="a"' }]);
  });

  it('registers once for many users', async () => {
    const deps = withServer();
    for (const userId of ['a', 'b', 'c']) await startServer(deps, { userId });
    expect(deps.registrations).toMatchObject({ asked: [{ server: { issuer: ISSUER } }] });
  });

  it.each([
    ['https://evil.example/mcp', 'client-1'],
    ['https://gitlab.com/api/v4/mcp', 'app'],
  ])(
    'of %s, which names GitLab as its issuer, is by the client %s: the operator’s app is trusted there',
    async (url, clientId) => {
      const gitlab = readOperatorProvider('gitlab', { clientId: 'app', clientSecret: 's' }, () => true);
      if (gitlab === null) throw new Error('not valid');
      const found = { url, resource: url, issuer: 'https://gitlab.com' };
      const deps = withServer(found, { providers: memoryProviders(gitlab) });
      await startServer(deps, { mcpServerUrl: url });
      expect(asked(deps)?.client.clientId).toBe(clientId);
    },
  );

  it('stores nothing in plain text that names the server', async () => {
    const deps = withServer();
    await startServer(deps);
    expect(JSON.stringify(states(deps))).not.toContain('mcp.example');
  });
});

describe('the scopes of a start by URL', () => {
  const found = { challengeScopes: ['challenged'], resourceScopes: ['listed', 'more'] };

  it.each<[string, object, string[] | undefined, string[]]>([
    ['asked ones', found, ['mine'], ['mine']],
    ['the challenge’s', found, undefined, ['challenged']],
    ['the challenge’s where an empty list is asked', found, [], ['challenged']],
    ['those of the resource’s metadata', { ...found, challengeScopes: null }, undefined, ['listed', 'more']],
    ['none', {}, undefined, []],
  ])('are %s', async (_, given, scopes, expected) => {
    const deps = withServer(given);
    await startServer(deps, { scopes });
    expect(asked(deps)?.scopes).toEqual(expected);
  });

  const said = (scopesSupported: string[] | null, grantTypes: string[] | null = null) => ({
    server: { scopesSupported, grantTypes },
    challengeScopes: ['a'],
    resourceScopes: null,
  });

  it.each<[string, ReturnType<typeof said>, string[]]>([
    ['is added where the server lists it', said(['a', 'offline_access']), ['a', 'offline_access']],
    ['is not added where it is not listed', said(['a']), ['a']],
    ['is not added where no scopes are listed', said(null), ['a']],
    ['is not added without refresh tokens', said(['offline_access'], ['authorization_code']), ['a']],
    ['is never asked for alone', { ...said(['offline_access']), challengeScopes: [] }, []],
  ])('offline_access %s', (_, given, expected) => {
    expect(chooseServerScopes(given, undefined)).toEqual(expected);
  });

  it('of a step-up are the granted and the challenged ones', async () => {
    const deps = withServer({ challengeScopes: ['mcp:basic'] });
    const { id } = await connected(deps, { grant: { scopes: ['mcp:basic'] } });
    addServer(deps, { challengeScopes: ['mcp:write'] });
    await startServer(deps, { credentialId: id, challenge: 'Bearer error="insufficient_scope", scope="mcp:write"' });
    expect(asked(deps)?.scopes).toEqual(['mcp:basic', 'mcp:write']);
  });
});

describe('a start by URL is refused', () => {
  const refused = async (deps: MemoryDeps, given: object, error: object) => {
    const before = states(deps).length;
    await expect(startServer(deps, given)).rejects.toMatchObject(error);
    expect(states(deps)).toHaveLength(before);
  };

  it('with the hop that failed', async () => {
    const error = { code: 'server_not_connectable', members: { step: 'challenge', reason: 'unreachable' } };
    await refused(withServer(), { mcpServerUrl: 'https://other.example/mcp' }, error);
  });

  it.each([
    ['variables', { variables: { a: 'b' } }, 'invalid_request'],
    ['a foreign return URL', { returnUrl: 'https://evil.example/' }, 'url_not_allowed'],
    ['a foreign callback URL', { callbackUrl: 'https://evil.example/' }, 'url_not_allowed'],
    ['a credential that there is not', { credentialId: 'nosuch' }, 'credential_not_found'],
  ])('with %s, and no request is made', async (_, given, code) => {
    const deps = withServer();
    await refused(deps, given, { code });
    expect(deps.discovery.asked).toEqual([]);
  });

  it('for a credential of a provider, and no request is made', async () => {
    const deps = withServer();
    await stored(deps, newOAuth2({ id: 'c', provider: 'github' }));
    await refused(deps, { credentialId: 'c' }, { code: 'not_upgradable' });
    expect(deps.discovery.asked).toEqual([]);
  });

  it('for a credential of another resource', async () => {
    const deps = withServer();
    const { id } = await connected(deps);
    addServer(deps, { url: 'https://mcp.example/other' });
    await refused(deps, { credentialId: id, mcpServerUrl: 'https://mcp.example/other' }, { code: 'not_upgradable' });
  });

  it('beyond the limit of open flows, before the first request', async () => {
    const deps = withServer();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
    await startServer(deps);
    await refused(deps, {}, { code: 'too_many_open_states' });
    expect(deps.discovery.asked).toHaveLength(1);
  });

  it('and takes its place until its state would expire', async () => {
    const deps = withServer();
    const taken = vi.spyOn(deps.states, 'takePlace');
    await startServer(deps);
    expect(taken.mock.calls[0]?.[0]).toMatchObject({ expiresAt: START + 600_000, maxOpen: 100 });
  });

  it('with 503 where its random state is taken', async () => {
    const deps = withServer();
    deps.states.createState = async () => 'taken';
    await expect(startServer(deps)).rejects.toMatchObject({ code: 'store_busy' });
  });

  it('also a start that fails counts against the limit: it made calls', async () => {
    const deps = withServer();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
    await refused(deps, { mcpServerUrl: 'https://other.example/' }, { code: 'server_not_connectable' });
    await refused(deps, {}, { code: 'too_many_open_states' });
  });

  it('for a user who is being erased', async () => {
    const deps = withServer();
    await markErasing(deps);
    await refused(deps, {}, { code: 'user_erasing' });
    expect(deps.discovery.asked).toEqual([]);
  });
});
