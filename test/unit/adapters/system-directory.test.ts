import { describe, expect, it, vi } from 'vitest';
import { directoryFromConfiguration, directoryFromKeys } from '../../../lib/adapters/system-directory.ts';
import type { ConfigurationStore } from '../../../lib/domain/store-ports.ts';
import { memorySystemKeys, settableClock } from '../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';

describe('directoryFromKeys', () => {
  it('knows those whose settings all hold a value, and those that need none', async () => {
    const directory = directoryFromKeys(memorySystemKeys({ openai_api_key: 'k', webshare_proxy_username: 'u' }));
    expect(await directory.configuredIds()).toEqual(new Set([OLLAMA, OPENAI]));
  });
});

describe('directoryFromConfiguration', () => {
  const published = (...ids: string[]) => {
    const clock = settableClock();
    const readConfiguration = vi.fn<ConfigurationStore['readConfiguration']>(async () => ({
      systemCredentialIds: ids,
    }));
    const store = { readConfiguration, writeConfiguration: vi.fn() };
    const directory = directoryFromConfiguration(store, { clock, maxAgeSeconds: 300 });
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
    readConfiguration.mockResolvedValue({ systemCredentialIds: [OPENAI] });
    clock.advance(300_000);
    expect(await directory.configuredIds()).toContain(OPENAI);
  });
});
