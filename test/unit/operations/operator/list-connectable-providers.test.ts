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
  it('names those that can be connected', async () => {
    expect(await find('acme', [listed({ configured: true, defaultScopes: ['read'] })])).toEqual({
      provider: 'acme',
      displayName: 'Acme',
      authTypes: ['oauth2'],
      oauth: { configured: true, defaultScopes: ['read'] },
      system: false,
    });
  });

  it('names those that could be connected if the operator had a client there', async () => {
    expect((await find('acme', [listed()]))?.oauth).toEqual({ configured: false, defaultScopes: [] });
  });

  it('names those that only the operator can serve', async () => {
    expect(await find('ollama', [])).toMatchObject({ authTypes: ['api_key'], oauth: null, system: true });
  });

  it.each([
    ['openai', ['oauth2', 'api_key']],
    ['webshare_proxy', ['oauth2', 'user_password']],
  ])('names %s once when it can be connected as well, with all its types', async (provider, authTypes) => {
    const views = await list([listed({ provider, displayName: 'Of the catalogue', configured: true })]);
    expect(views.filter((view) => view.provider === provider)).toEqual([
      expect.objectContaining({
        displayName: 'Of the catalogue',
        authTypes,
        oauth: { configured: true, defaultScopes: [] },
      }),
    ]);
    expect(views).toHaveLength(systemCredentials.length);
  });

  it.each([
    [{ openai_api_key: 'k' }, true],
    [{}, false],
  ])("says of one that can be connected whether the operator's own key serves it (%#)", async (keys, system) => {
    expect(await find('openai', [listed({ provider: 'openai' })], keys)).toMatchObject({ system });
  });

  it('is in order of name, wherever each comes from', async () => {
    const names = (await list([listed({ provider: 'zz' }), listed({ provider: 'aa' })])).map(
      ({ provider }) => provider,
    );
    expect(names).toEqual(names.toSorted());
    expect([names[0], names.at(-1)]).toEqual(['aa', 'zz']);
  });

  it('shows no key', async () => {
    expect(JSON.stringify(await list([listed()], { openai_api_key: 'canary' }))).not.toContain('canary');
  });
});
