// The system credentials that the configured keys make usable.
import { describe, expect, it } from 'vitest';
import { directoryFromKeys } from '../../../lib/providers/system-directory.ts';
import { memorySystemKeys } from '../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';

describe('directoryFromKeys', () => {
  it('lists credentials whose settings all have a value or that need none', async () => {
    const directory = directoryFromKeys(memorySystemKeys({ openai_api_key: 'k', webshare_proxy_username: 'u' }));
    expect(await directory.configuredIds()).toEqual(new Set([OLLAMA, OPENAI]));
  });
});
