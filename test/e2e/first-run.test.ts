// The first steps of a new user: store a key, list it without its secret, resolve it into a header, find it after a restart.
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../support/http/local-server.ts';

const openai = { type: 'api_key', provider: 'openai', title: 'My key', apiKey: 'sk-first-run' };

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold({ fromSource: true });
});
afterAll(() => keyhold.stop());

describe('a first run', () => {
  it('stores a key, lists it without its secret beside ollama, and resolves it into a header', async () => {
    const alice = keyhold.user('alice');
    const added = await alice.call('POST', '/v1/me/credentials', openai);
    expect(added.status).toBe(201);
    expect(added.headers.location).toBe(`/v1/me/credentials/${added.json.id}`);
    const listed = await alice.call('GET', '/v1/me/credentials');
    expect(listed.headers.etag).toBe('"v1"');
    expect(listed.json.credentials).toEqual([added.json, expect.objectContaining({ provider: 'ollama' })]);
    expect(listed.json.providers).toEqual(['openai', 'ollama']);
    expect(listed.text).not.toContain('sk-first-run');
    const resolved = await keyhold.worker.call('POST', '/v1/users/alice/resolve', { provider: 'openai' });
    expect(resolved.json).toEqual({
      credential: { ...added.json, secret: { apiKey: 'sk-first-run' }, metadata: null },
      headers: { authorization: 'Bearer sk-first-run' },
      query: {},
      baseUrl: 'https://api.openai.com',
      expiresAt: null,
      stale: false,
      tokenRef: expect.any(String),
    });
  });

  it('stops with exit code 0, and a restart finds everything', async () => {
    const before = await keyhold.worker.call('GET', '/v1/users/alice/credentials');
    const asked = Date.now();
    expect(await keyhold.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(30_000);
    keyhold = await startKeyhold({ home: keyhold.home, fromSource: true });
    const after = await keyhold.worker.call('GET', '/v1/users/alice/credentials');
    expect(after.json).toEqual(before.json);
    const resolved = await keyhold.worker.call('POST', '/v1/users/alice/resolve', { provider: 'openai' });
    expect(resolved.json.headers).toEqual({ authorization: 'Bearer sk-first-run' });
  });

  it('prints only its ready line, the banner and one line for each request', () => {
    expect(keyhold.stderr()).toBe('');
    const lines = keyhold.stdout().split('\n');
    expect(lines.filter((line) => line.startsWith('keyhold ready on'))).toHaveLength(1);
    const logged = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(logged.filter((line) => line.message === 'request')).toHaveLength(2);
    expect(keyhold.stdout()).not.toContain('sk-first-run');
  });
});

describe('the commands the banner prints', () => {
  it('work as printed', async () => {
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const commands = keyhold
      .stdout()
      .split('\n')
      .filter((line) => /^(TOKEN=|curl )/.test(line))
      .join('\necho\n');
    const script = join(mkdtempSync(join(tmpdir(), 'keyhold-banner-')), 'commands.sh');
    writeFileSync(script, commands);
    chmodSync(script, 0o700);
    const { stdout } = await promisify(execFile)('bash', [script]);
    const answers = stdout
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { provider: 'openai', status: 'active' },
      { credentials: expect.any(Array) },
      { headers: { authorization: expect.stringMatching(/^Bearer sk-/) } },
    ]);
  });
});
