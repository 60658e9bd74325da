// The list of providers on the user plane: which are configured, and nothing secret.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { listProviders } from '../../../../lib/operations/operator/list-providers.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

describe('listProviders', () => {
  it('lists each provider once', async () => {
    const providers = (await listProviders(memoryDeps())).map(({ provider }) => provider);
    expect(providers).toEqual([...new Set([...systemCredentials.map(({ provider }) => provider), 'mcp'])].toSorted());
  });

  it('lists `mcp` for every MCP server, which needs no client of the operator', async () => {
    const found = await listProviders(memoryDeps());
    expect(found.find(({ provider }) => provider === 'mcp')).toMatchObject({
      authTypes: ['oauth2'],
      oauth: { configured: true, device: false },
    });
  });

  it('tells display name and credential types of each provider', async () => {
    const found = await listProviders(memoryDeps());
    expect(found.find(({ provider }) => provider === 'aiml_api')).toEqual({
      provider: 'aiml_api',
      displayName: 'AI/ML API',
      authTypes: ['api_key'],
      oauth: null,
      fields: { api_key: [{ name: 'apiKey', label: 'API key', secret: true, required: true }] },
      variables: [],
      verifiable: false,
      system: false,
    });
    expect(found.find(({ provider }) => provider === 'webshare_proxy')?.authTypes).toEqual(['user_password']);
  });

  it("tells which providers the operator's keys serve", async () => {
    const found = await listProviders(memoryDeps({ keys: { openai_api_key: 'k', webshare_proxy_username: 'u' } }));
    expect(found.filter(({ system }) => system).map(({ provider }) => provider)).toEqual(['ollama', 'openai']);
  });
});
