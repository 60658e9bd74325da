// Making a link: what it presets is checked, it expires when asked, and a user has a limited number.
import { describe, expect, it } from 'vitest';
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { createConnectLink } from '../../../../lib/operations/link/create-connect-link.ts';
import { ALICE, BOB, markErasing, newApiKey, newOAuth2, START } from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { makeLink, openLinkAs } from '../../../support/memory/memory-link.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const SHOP = { templateVariables: { shop: { pattern: '[a-z]+' } }, tokenEndpoint: 'https://{shop}.acme.example/token' };

describe('createConnectLink', () => {
  it('answers the connect page with a token of 256 bits, and half an hour', async () => {
    const deps = memoryDeps();
    const { url, expiresAt } = await createConnectLink(deps, { userId: ALICE });
    expect(url).toMatch(/^https:\/\/keyhold\.example\/connect#[\w-]{43}$/);
    expect(expiresAt - START).toBe(1_800_000);
    expect(deps.table.links.get(hashToken(url.slice(-43)))).toMatchObject({ userId: ALICE, expiresAt, kind: 'link' });
  });

  it.each([
    [{ provider: 'nowhere' }, 'provider_unknown'],
    [{ credentialId: 'none' }, 'credential_not_found'],
    [{ credentialId: 'key' }, 'not_upgradable'],
    [{ credentialId: 'grant', provider: 'other' }, 'not_upgradable'],
    [{ credentialId: 'grant', userId: BOB }, 'credential_not_found'],
    [{ scopes: [] }, 'invalid_request'],
    [{ variables: {} }, 'invalid_request'],
    [{ provider: 'acme', variables: { shop: 'A' } }, 'invalid_request'],
    [{ provider: 'acme', variables: { other: 'a' } }, 'invalid_request'],
    [{ returnUrl: 'https://evil.example/' }, 'url_not_allowed'],
  ])('refuses %j with %s and stores nothing', async (given, code) => {
    const deps = memoryDeps({ providers: memoryProviders(knownProvider(SHOP)) });
    await addCredential(deps, { userId: ALICE, credential: newApiKey({ id: 'key' }) });
    await addCredential(deps, { userId: ALICE, credential: newOAuth2({ id: 'grant', provider: 'acme' }) });
    await expect(createConnectLink(deps, { userId: ALICE, ...given })).rejects.toMatchObject({ code });
    expect(deps.table.links.size).toBe(0);
  });

  it.each([
    ['scopes', ['a'], 'needs provider, mcpServerUrl or credentialId'],
    ['variables', { shop: 'a' }, 'needs provider or credentialId'],
  ])('says that %s need a provider', async (name, value, detail) => {
    const given = { userId: ALICE, [name]: value };
    await expect(createConnectLink(memoryDeps(), given)).rejects.toMatchObject({
      errors: [{ pointer: `#/${name}`, detail }],
    });
  });

  it.each(['acme', 'openai', 'ollama'])('knows %s', async (provider) => {
    const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
    expect((await openLinkAs(deps, await makeLink(deps, { provider }))).allows.provider).toBe(provider);
  });

  it('is for every MCP server with the provider mcp, which has no variables', async () => {
    const deps = memoryDeps();
    const { allows } = await openLinkAs(deps, await makeLink(deps, { provider: 'mcp', scopes: ['read'] }));
    expect(allows).toMatchObject({ provider: 'mcp', mcpServerUrl: null, scopes: ['read'] });
    const given = { userId: ALICE, provider: 'mcp', variables: { shop: 'a' } };
    await expect(createConnectLink(deps, given)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('takes the provider of the credential that it is for', async () => {
    const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
    await addCredential(deps, { userId: ALICE, credential: newOAuth2({ id: 'grant', provider: 'acme' }) });
    const { allows } = await openLinkAs(deps, await makeLink(deps, { credentialId: 'grant', scopes: ['a'] }));
    expect(allows).toMatchObject({ provider: 'acme', credentialId: 'grant', scopes: ['a'] });
  });

  it('allows no scopes beyond the default ones where it names an empty list', async () => {
    const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
    const { allows } = await openLinkAs(deps, await makeLink(deps, { provider: 'acme', scopes: [] }));
    expect(allows.scopes).toEqual([]);
  });

  it('counts links that live an hour, a day and longer apart', async () => {
    const deps = memoryDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 2 };
    for (const expiresInSeconds of [3_600, 86_400, 604_800]) {
      await makeLink(deps, { expiresInSeconds });
      await makeLink(deps, { expiresInSeconds });
      await expect(makeLink(deps, { expiresInSeconds })).rejects.toMatchObject({ code: 'too_many_open_states' });
    }
    await expect(makeLink(deps, { userId: BOB })).resolves.toBeDefined();
    deps.clock.advance(3_600_000);
    await expect(makeLink(deps, { expiresInSeconds: 60 })).resolves.toBeDefined();
  });

  it('is refused while the user is being erased', async () => {
    const deps = memoryDeps();
    markErasing(deps, ALICE);
    await expect(makeLink(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });
});
