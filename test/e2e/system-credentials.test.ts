// The operator's system credentials over HTTP: who sees them, and that a change of the secret appears.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCredentials } from '../../lib/domain/credential/system-credentials.ts';
import { type Keyhold, startKeyhold } from '../support/http/local-server.ts';

const MAX_AGE_SECONDS = 1;
/** A hang limit. */
const SHOWS_WITHIN = { timeout: 60_000, interval: 100 };

let keyhold: Keyhold;
const secretFile = () => join(keyhold.home, 'secrets', 'system-keys.json');
const setKeys = (keys: object) => writeFileSync(secretFile(), JSON.stringify(keys));

beforeAll(async () => {
  keyhold = await startKeyhold({ env: { SECRETS_MAX_AGE_SECONDS: String(MAX_AGE_SECONDS) } });
});
afterAll(() => keyhold.stop());

const systemIds = async (): Promise<string[]> => {
  const { json } = await keyhold.user('newcomer').call('GET', '/v1/me/credentials');
  return json.credentials.map((view: { id: string }) => view.id);
};
const resolve = async (provider: string) =>
  (await keyhold.worker.call('POST', '/v1/users/newcomer/resolve', { provider })).json;

const ollama = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';

describe('system credentials', () => {
  it('are exactly ollama while nothing is configured', async () => {
    expect(JSON.parse(readFileSync(secretFile(), 'utf8'))).toEqual({});
    expect(await systemIds()).toEqual([ollama]);
    expect((await resolve('ollama')).credential.secret).toEqual({ apiKey: 'FAKE_API_KEY' });
    expect((await resolve('openai')).code).toBe('not_connected');
  });

  it('appear in the users’ lists after they are configured, in the order of the catalogue', async () => {
    setKeys({ openai_api_key: 'sk-1', groq_api_key: 'gsk-1', revid_api_key: '', webshare_proxy_username: 'only' });
    const expected = systemCredentials
      .filter((credential) => ['ollama', 'groq', 'openai'].includes(credential.provider))
      .map((credential) => credential.id);
    await expect.poll(systemIds, SHOWS_WITHIN).toEqual(expected);
  });

  it('are all 28 when every setting is set', async () => {
    const names = systemCredentials.flatMap((credential) => credential.settings);
    setKeys(Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
    await expect.poll(systemIds, SHOWS_WITHIN).toEqual(systemCredentials.map((credential) => credential.id));
    expect(systemCredentials).toHaveLength(28);
    const { json } = await keyhold.worker.call('GET', '/v1/system/credentials');
    expect(json.credentials.map((view: { id: string }) => view.id)).toEqual(await systemIds());
    const webshare = await resolve('webshare_proxy');
    expect(webshare.credential.secret).toEqual({
      username: 'value of webshare_proxy_username',
      password: 'value of webshare_proxy_password',
    });
  });

  it('serve a rotated key without a restart', async () => {
    setKeys({ openai_api_key: 'sk-rotated' });
    const authorization = async () => (await resolve('openai')).headers?.authorization;
    await expect.poll(authorization, SHOWS_WITHIN).toBe('Bearer sk-rotated');
  });

  it('continue with the last valid keys when the secret is malformed', async () => {
    await expect.poll(async () => (await systemIds()).length, SHOWS_WITHIN).toBe(2);
    writeFileSync(secretFile(), '{"openai_api_key": "sk-rot');
    await new Promise((next) => setTimeout(next, 1_200 * MAX_AGE_SECONDS));
    expect((await resolve('openai')).headers.authorization).toBe('Bearer sk-rotated');
    expect(await systemIds()).toHaveLength(2);
    expect(keyhold.stdout() + keyhold.stderr()).not.toContain('sk-rot');
  });

  it('are never stored: a user who listed them all has no rows', async () => {
    const { json } = await keyhold.worker.call('GET', '/v1/users/newcomer/credentials');
    expect(json.version).toBe(0);
    expect(json.credentials.every((view: { source: string }) => view.source === 'system')).toBe(true);
  });
});
