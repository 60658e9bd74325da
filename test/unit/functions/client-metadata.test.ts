// The function of the client metadata document: what it says follows from PUBLIC_BASE_URL and the name alone.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClientMetadataDocument } from '../../../lib/http/schemas/client-metadata.ts';

const start = async (settings: Record<string, string>) => {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('../../../functions/client-metadata.ts');
  return handler();
};

const readDocument = async (settings: Record<string, string>) => JSON.parse((await start(settings)).body ?? '');

afterEach(() => vi.unstubAllEnvs());

describe('the client metadata document', () => {
  it('names its own URL, one redirect URI, no secret and no method that needs one', async () => {
    const settings = { PUBLIC_BASE_URL: 'https://keys.example.com', CONNECT_PAGE_NAME: 'Acme' };
    expect(await readDocument(settings)).toEqual({
      client_id: 'https://keys.example.com/v1/oauth/client-metadata.json',
      client_name: 'Acme',
      redirect_uris: ['https://keys.example.com/v1/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    });
  });

  it.each(['https://keys.example.com', 'https://keys.example.com/vault/', 'http://127.0.0.1:3000'])(
    'is what the route promises under %s',
    async (PUBLIC_BASE_URL) => {
      const document = ClientMetadataDocument.strict().parse(await readDocument({ PUBLIC_BASE_URL }));
      expect(document.client_id).toBe(`${PUBLIC_BASE_URL.replace(/\/$/, '')}/v1/oauth/client-metadata.json`);
    },
  );

  it('is of a native client where the callback is on loopback', async () => {
    expect((await readDocument({ PUBLIC_BASE_URL: 'http://127.0.0.1:3000' })).application_type).toBe('native');
  });

  it('is JSON with status 200 that may be cached', async () => {
    const { statusCode, headers } = await start({ PUBLIC_BASE_URL: 'https://keys.example.com' });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each<Record<string, string>>([
    {},
    { PUBLIC_BASE_URL: 'keys.example.com' },
    { PUBLIC_BASE_URL: 'ftp://keys.example.com' },
  ])('is not served with the settings %j, and the error names the setting only', async (settings) => {
    await expect(start(settings)).rejects.toThrow(/^missing or malformed setting: PUBLIC_BASE_URL$/);
  });

  it('comes from a function that imports no table, no secret and no zod', () => {
    const imports = readFileSync('functions/client-metadata.ts', 'utf8').match(/^import (?!type ).*'(.+)';$/gm);
    expect(imports?.map((line) => line.split("'")[1])).toEqual([
      '../lib/domain/mcp/client-metadata.ts',
      '../lib/page-config.ts',
    ]);
  });
});
