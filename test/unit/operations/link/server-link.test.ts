// Links for one MCP server: which URLs they take, and which credential they may connect again.
import { describe, expect, it } from 'vitest';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { createConnectLink } from '../../../../lib/operations/link/create-connect-link.ts';
import { ALICE, newOAuth2 } from '../../../support/builders.ts';
import { connectServer, SERVER, withServer } from '../../../support/mcp/connected-server.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { makeLink, openLinkAs } from '../../../support/memory/memory-link.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const TOOLS = `${SERVER}/tools`;

/** A user with the grant of one server. */
const withGrant = async () => {
  const deps = withServer({}, { providers: memoryProviders(knownProvider()) });
  const { credential } = await connectServer(deps);
  return { deps, credentialId: credential.id };
};

const allowed = async (given: object) => {
  const { deps, credentialId } = await withGrant();
  const named = 'credentialId' in given ? { ...given, credentialId } : given;
  return (await openLinkAs(deps, await makeLink(deps, named))).allows;
};

describe('a link for an MCP server', () => {
  it.each([
    ['its URL', { mcpServerUrl: SERVER }],
    ['its URL and the provider mcp', { mcpServerUrl: SERVER, provider: 'mcp' }],
    ['its grant', { credentialId: 'grant' }],
    ['its grant and the provider mcp', { credentialId: 'grant', provider: 'mcp' }],
    ['its grant and its URL', { credentialId: 'grant', mcpServerUrl: SERVER }],
  ])('is made by %s', async (_, given) => {
    expect(await allowed(given)).toMatchObject({ provider: 'mcp', mcpServerUrl: SERVER });
  });

  it('keeps the URL below the resource of the grant that it is for', async () => {
    expect(await allowed({ credentialId: 'grant', mcpServerUrl: TOOLS })).toMatchObject({ mcpServerUrl: TOOLS });
  });

  it('may preset scopes', async () => {
    expect(await allowed({ mcpServerUrl: SERVER, scopes: ['read'] })).toMatchObject({ scopes: ['read'] });
  });

  it.each(['https://mcp.example/mcp/../other', 'https://user@mcp.example/mcp', 'no URL', ''])(
    'is refused for a URL that no resource could cover: %j',
    async (mcpServerUrl) => {
      const made = createConnectLink(memoryDeps(), { userId: ALICE, mcpServerUrl });
      await expect(made).rejects.toMatchObject({ code: 'url_not_allowed' });
    },
  );

  it.each([
    [{ provider: 'acme' }, { pointer: '#/mcpServerUrl', detail: 'is of no provider' }],
    [{ variables: { shop: 'a' } }, { pointer: '#/variables', detail: 'an MCP server has none' }],
  ])('is refused with %j', async (given, error) => {
    const made = createConnectLink(memoryDeps(), { userId: ALICE, mcpServerUrl: SERVER, ...given });
    await expect(made).rejects.toMatchObject({ code: 'invalid_request', errors: [error] });
  });

  it.each([
    ['a URL outside its resource', 'https://mcp.example/other'],
    ['another server', 'https://other.example/mcp'],
  ])('is refused with a grant and %s', async (_, mcpServerUrl) => {
    const { deps, credentialId } = await withGrant();
    const made = createConnectLink(deps, { userId: ALICE, credentialId, mcpServerUrl });
    await expect(made).rejects.toMatchObject({ code: 'not_upgradable' });
    expect(deps.table.links.size).toBe(0);
  });

  it('is refused with a grant of a provider', async () => {
    const { deps } = await withGrant();
    await addCredential(deps, { userId: ALICE, credential: newOAuth2({ id: 'acme-grant', provider: 'acme' }) });
    const made = createConnectLink(deps, { userId: ALICE, credentialId: 'acme-grant', mcpServerUrl: SERVER });
    await expect(made).rejects.toMatchObject({ code: 'not_upgradable' });
  });
});
