// The providers that a user can connect, with their scopes and variables.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import type { ListedKeyProvider, ListedProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { listProviders } from '../../../../lib/operations/operator/list-providers.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const listed = (given: Partial<ListedProvider> = {}): ListedProvider => ({
  provider: 'acme',
  displayName: 'Acme',
  configured: false,
  defaultScopes: [],
  device: false,
  verifiable: false,
  ...given,
});

const list = (
  providers: readonly ListedProvider[],
  keys: Record<string, string> = {},
  keyProviders: readonly ListedKeyProvider[] = [],
) => {
  const publishedProviders = { oauthProviders: async () => [...providers], keyProviders: () => keyProviders };
  return listProviders(memoryDeps({ keys, publishedProviders }));
};

const find = async (provider: string, ...given: Parameters<typeof list>) =>
  (await list(...given)).find((view) => view.provider === provider);

describe('listProviders', () => {
  it('lists a configured OAuth provider', async () => {
    expect(await find('acme', [listed({ configured: true, defaultScopes: ['read'] })])).toEqual({
      provider: 'acme',
      displayName: 'Acme',
      authTypes: ['oauth2'],
      oauth: { configured: true, defaultScopes: ['read'], device: false },
      fields: {},
      variables: [],
      verifiable: false,
      system: false,
    });
  });

  it('lists an OAuth provider without a client as not configured', async () => {
    expect((await find('acme', [listed()]))?.oauth).toEqual({ configured: false, defaultScopes: [], device: false });
  });

  it('lists a provider with only a system credential', async () => {
    expect(await find('ollama', [])).toMatchObject({ authTypes: ['api_key'], oauth: null, system: true });
  });

  it.each([
    ['openai', ['oauth2', 'api_key']],
    ['webshare_proxy', ['oauth2', 'user_password']],
  ])('lists %s once, with the types of both sources', async (provider, authTypes) => {
    const views = await list([listed({ provider, displayName: 'Catalogue name', configured: true })]);
    expect(views.filter((view) => view.provider === provider)).toEqual([
      expect.objectContaining({
        displayName: 'Catalogue name',
        authTypes,
        oauth: { configured: true, defaultScopes: [], device: false },
      }),
    ]);
    expect(views.map((view) => view.provider).toSorted()).toEqual(
      ['mcp', ...systemCredentials.map((one) => one.provider)].toSorted(),
    );
  });

  it.each([
    [{ openai_api_key: 'k' }, true],
    [{}, false],
  ])("tells whether the operator's key serves an OAuth provider (%#)", async (keys, system) => {
    expect(await find('openai', [listed({ provider: 'openai' })], keys)).toMatchObject({ system });
  });

  it('lists a provider of keys, and adds its type to the OAuth provider of that name', async () => {
    const acmeKeys: ListedKeyProvider = { provider: 'acme', displayName: 'Keys', type: 'api_key', verifiable: true };
    expect(await find('acme', [], {}, [acmeKeys])).toEqual({
      provider: 'acme',
      displayName: 'Keys',
      authTypes: ['api_key'],
      oauth: null,
      fields: { api_key: [{ name: 'apiKey', label: 'API key', secret: true, required: true }] },
      variables: [],
      verifiable: true,
      system: false,
    });
    const both = await find('acme', [listed()], {}, [acmeKeys]);
    expect(both).toMatchObject({ displayName: 'Acme', authTypes: ['oauth2', 'api_key'], verifiable: true });
  });

  it('shows the choices, the example and the default of a variable', async () => {
    const templateVariables = {
      region: { pattern: 'com|eu', default: 'com', oneOf: ['com', 'eu'] },
      shopName: { pattern: '[a-z]+', example: 'acme' },
    };
    expect((await find('acme', [listed({ templateVariables })]))?.variables).toEqual([
      { name: 'region', label: 'Region', required: false, oneOf: ['com', 'eu'], default: 'com' },
      { name: 'shopName', label: 'Shop name', required: true, example: 'acme' },
    ]);
  });

  it('tells which providers have a device flow', async () => {
    expect((await find('acme', [listed({ device: true })]))?.oauth).toMatchObject({ device: true });
  });

  it('tells whether a call is known that checks a credential', async () => {
    expect(await find('acme', [listed({ verifiable: true })])).toMatchObject({ verifiable: true });
    expect(await find('ollama', [])).toMatchObject({ verifiable: false });
  });

  it('sorts providers of both sources by name', async () => {
    const names = (await list([listed({ provider: 'zz' }), listed({ provider: 'aa' })])).map(
      ({ provider }) => provider,
    );
    expect(names).toEqual(names.toSorted());
    expect([names[0], names.at(-1)]).toEqual(['aa', 'zz']);
  });

  it('contains no key', async () => {
    expect(JSON.stringify(await list([listed()], { openai_api_key: 'canary' }))).not.toContain('canary');
  });
});
