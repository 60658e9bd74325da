// The providers that a user can connect, with their scopes and variables.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import type { ListedProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { listProviders } from '../../../../lib/operations/operator/list-providers.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const listed = (given: Partial<ListedProvider> = {}): ListedProvider => ({
  provider: 'acme',
  displayName: 'Acme',
  configured: false,
  defaultScopes: [],
  ...given,
});

const list = (providers: readonly ListedProvider[], keys: Record<string, string> = {}) =>
  listProviders(memoryDeps({ keys, publishedProviders: { oauthProviders: async () => [...providers] } }));

const find = async (provider: string, ...given: Parameters<typeof list>) =>
  (await list(...given)).find((view) => view.provider === provider);

describe('listProviders', () => {
  it('lists a configured OAuth provider', async () => {
    expect(await find('acme', [listed({ configured: true, defaultScopes: ['read'] })])).toEqual({
      provider: 'acme',
      displayName: 'Acme',
      authTypes: ['oauth2'],
      oauth: { configured: true, defaultScopes: ['read'] },
      system: false,
    });
  });

  it('lists an OAuth provider without a client as not configured', async () => {
    expect((await find('acme', [listed()]))?.oauth).toEqual({ configured: false, defaultScopes: [] });
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
        oauth: { configured: true, defaultScopes: [] },
      }),
    ]);
    expect(views).toHaveLength(systemCredentials.length);
  });

  it.each([
    [{ openai_api_key: 'k' }, true],
    [{}, false],
  ])("tells whether the operator's key serves an OAuth provider (%#)", async (keys, system) => {
    expect(await find('openai', [listed({ provider: 'openai' })], keys)).toMatchObject({ system });
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
