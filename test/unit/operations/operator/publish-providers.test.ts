// The providers in the published configuration.
import { describe, expect, it, vi } from 'vitest';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { publishConfiguration } from '../../../../lib/operations/operator/publish-configuration.ts';
import { type MemoryDeps, memoryDeps, memorySystemKeys } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const configured = (...known: KnownProvider[]): MemoryDeps => memoryDeps({ providers: memoryProviders(...known) });
const published = ({ table }: MemoryDeps) => table.configuration?.providers;

/** Whether a second publication writes. */
const publishesAgain = async (deps: MemoryDeps): Promise<boolean> => {
  const write = vi.spyOn(deps.configuration, 'writeConfiguration');
  const { changed } = await publishConfiguration(deps);
  expect(write).toHaveBeenCalledTimes(changed ? 1 : 0);
  return changed;
};

describe('publishConfiguration', () => {
  it('writes only name, display name and default scopes of configured providers', async () => {
    const deps = configured(
      knownProvider({ displayName: 'Acme', defaultScopes: ['read'], issuer: 'https://acme.example' }),
    );
    await publishConfiguration(deps);
    expect(published(deps)).toEqual([
      { provider: 'acme', displayName: 'Acme', defaultScopes: ['read'], device: false, verifiable: false },
    ]);
  });

  it('writes the defaults of a record without display name and scopes', async () => {
    const deps = configured(knownProvider());
    await publishConfiguration(deps);
    expect(published(deps)).toEqual([
      { provider: 'acme', displayName: 'acme', defaultScopes: [], device: false, verifiable: false },
    ]);
  });

  it('writes no client id, client secret or endpoint', async () => {
    const client = { clientId: 'id-canary', clientSecret: new Secret('secret-canary') };
    const deps = configured({ ...knownProvider({ tokenEndpoint: 'https://endpoint-canary.example' }), client });
    await publishConfiguration(deps);
    expect(JSON.stringify(deps.table.configuration)).not.toContain('canary');
  });

  it('omits providers without a client', async () => {
    const deps = configured({ ...knownProvider(), client: null });
    await publishConfiguration(deps);
    expect(published(deps)).toEqual([]);
  });

  it('does not write when only private fields changed', async () => {
    const deps = configured(knownProvider({ displayName: 'Acme' }));
    await publishConfiguration(deps);
    deps.providers.set(knownProvider({ displayName: 'Acme', issuer: 'https://acme.example' }));
    expect(await publishesAgain(deps)).toBe(false);
  });

  it.each<[string, (deps: MemoryDeps) => void]>([
    ['is configured', ({ providers }) => providers.set(knownProvider({}, 'other'))],
    ['is no longer configured', ({ providers }) => providers.remove('acme')],
    ['has a new display name', ({ providers }) => providers.set(knownProvider({ displayName: 'New' }))],
    [
      'can be checked',
      ({ providers }) => providers.set(knownProvider({ identityEndpoint: 'https://api.acme.example/me' })),
    ],
    ['has new default scopes', ({ providers }) => providers.set(knownProvider({ defaultScopes: ['read'] }))],
  ])('writes when a provider %s', async (_, change) => {
    const deps = configured(knownProvider());
    await publishConfiguration(deps);
    change(deps);
    expect(await publishesAgain(deps)).toBe(true);
  });

  it('replaces a row without providers', async () => {
    const deps = configured(knownProvider());
    deps.table.configuration = { systemCredentialIds: ['744fdc56-071a-4761-b5a5-0af0ce10a2b5'], providers: [] };
    expect(await publishesAgain(deps)).toBe(true);
  });

  it('keeps the published providers when they cannot be read', async () => {
    const deps = configured(knownProvider());
    await publishConfiguration(deps);
    const before = structuredClone(deps.table.configuration);
    deps.providers.listConfigured = vi.fn().mockRejectedValue(new ServiceError('secrets_unavailable'));
    await expect(publishConfiguration(deps)).rejects.toMatchObject({ code: 'secrets_unavailable' });
    expect(deps.table.configuration).toEqual(before);
  });

  it('publishes changed system keys and then throws when the providers cannot be read', async () => {
    const deps = configured(knownProvider());
    await publishConfiguration(deps);
    const before = structuredClone(deps.table.configuration);
    deps.systemKeys = memorySystemKeys({ openai_api_key: 'k' });
    deps.providers.listConfigured = vi.fn().mockRejectedValue(new ServiceError('secrets_unavailable'));
    await expect(publishConfiguration(deps)).rejects.toMatchObject({ code: 'secrets_unavailable' });
    expect(deps.table.configuration?.providers).toEqual(before?.providers);
    expect(deps.table.configuration?.systemCredentialIds).toHaveLength(2);
  });
});
