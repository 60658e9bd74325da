import { describe, expect, it, vi } from 'vitest';
import { publishedConfiguration } from '../../../lib/adapters/published-configuration.ts';
import type { ConfigurationStore } from '../../../lib/domain/ports/configuration-store.ts';
import { catalogueProviders } from '../../../lib/providers/catalogue.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';

describe('publishedConfiguration', () => {
  const published = (...ids: string[]) => {
    const clock = settableClock();
    const readConfiguration = vi.fn<ConfigurationStore['readConfiguration']>(async () => ({
      systemCredentialIds: ids,
      providers: [],
    }));
    const store = { readConfiguration, writeConfiguration: vi.fn() };
    const directory = publishedConfiguration(store, { clock, maxAgeSeconds: 300 });
    return { clock, readConfiguration, directory };
  };

  it('knows what is published, and those that need no key', async () => {
    expect(await published(OPENAI).directory.configuredIds()).toEqual(new Set([OLLAMA, OPENAI]));
  });

  it('knows those that need no key when nothing was ever published', async () => {
    const { directory, readConfiguration } = published();
    readConfiguration.mockResolvedValue(null);
    expect(await directory.configuredIds()).toEqual(new Set([OLLAMA]));
  });

  it('asks the table once within the maximum age', async () => {
    const { clock, directory, readConfiguration } = published(OPENAI);
    await directory.configuredIds();
    clock.advance(299_999);
    await directory.configuredIds();
    expect(readConfiguration).toHaveBeenCalledTimes(1);
  });

  it('knows what was published since, once the maximum age has passed', async () => {
    const { clock, directory, readConfiguration } = published();
    await directory.configuredIds();
    readConfiguration.mockResolvedValue({ systemCredentialIds: [OPENAI], providers: [] });
    clock.advance(300_000);
    expect(await directory.configuredIds()).toContain(OPENAI);
  });

  it('lists the catalogue, and what the operator has configured over it', async () => {
    const { directory, readConfiguration } = published();
    const own = { provider: 'acme', displayName: 'Acme', defaultScopes: ['a'] };
    const github = { provider: 'github', displayName: 'GitHub', defaultScopes: ['repo'] };
    readConfiguration.mockResolvedValue({ systemCredentialIds: [], providers: [own, github] });
    const listed = await directory.oauthProviders();
    expect(listed).toHaveLength(catalogueProviders.size + 1);
    expect(listed).toContainEqual({ ...own, configured: true });
    expect(listed).toContainEqual({ ...github, configured: true });
    expect(listed.find(({ provider }) => provider === 'google')).toMatchObject({ configured: false });
  });
});
