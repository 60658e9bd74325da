// The list of system credentials on the user plane.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { listSystemCredentials } from '../../../../lib/operations/operator/list-system-credentials.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const providers = async (keys: Record<string, string>) =>
  (await listSystemCredentials(memoryDeps({ keys }))).map(({ provider }) => provider);

describe('listSystemCredentials', () => {
  it.each<[Record<string, string>, string[]]>([
    [{}, ['ollama']],
    [{ openai_api_key: 'k', groq_api_key: 'k' }, ['ollama', 'groq', 'openai']],
    [{ webshare_proxy_username: 'u' }, ['ollama']],
    [{ unknown_key: 'k' }, ['ollama']],
  ])('with %j lists %j, in the order of systemCredentials', async (keys, expected) => {
    expect(await providers(keys)).toEqual(expected);
  });

  it('lists all 28 with ids and titles when every setting is set', async () => {
    const all = systemCredentials.flatMap(({ settings }) => settings.map((name) => [name, 'v']));
    const found = await listSystemCredentials(memoryDeps({ keys: Object.fromEntries(all) }));
    expect(found).toHaveLength(28);
    expect(found.map(({ id, title }) => [id, title])).toEqual(systemCredentials.map(({ id, title }) => [id, title]));
  });

  it('contains no key', async () => {
    const found = await listSystemCredentials(memoryDeps({ keys: { openai_api_key: 'canary' } }));
    expect(JSON.stringify(found)).not.toContain('canary');
  });
});
