// The command over a running service: what it prints, its exit codes, and that no secret is printed unless asked for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/cli/run-command.ts';
import { type ApiStub, atStub, startApiStub } from '../../support/client/api-stub.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { decideDeviceAtDemo, startConnecting } from '../../support/providers/connect-flow.ts';

const SECRET = 'sk-of-the-command-1234';

let api: ApiStub;
let keyhold: Keyhold;
beforeAll(async () => {
  api = await startApiStub();
  keyhold = await startConnecting({ github: atStub(api) });
  const key = { type: 'api_key', provider: 'openai', id: 'work', title: 'Work', apiKey: SECRET };
  await keyhold.worker.call('POST', '/v1/users/alice/credentials', key);
});
afterAll(async () => {
  await keyhold.stop();
  api.close();
});

const run = (...args: string[]) => runCommand(args, { url: keyhold.url });

describe('keyhold list', () => {
  it('prints a table, or JSON', async () => {
    const table = await run('list', 'alice');
    expect([table.exitCode, table.stderr]).toEqual([0, '']);
    expect(table.stdout.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^ID +PROVIDER +TYPE +TITLE +RESOURCE +SOURCE +STATUS +REASON +EXPIRES$/),
      expect.stringMatching(/^work +openai +api_key +Work +- +user +active +- +-$/),
    ]);
    const { json } = await run('list', 'alice', '--provider', 'openai', '--json');
    expect(json.credentials).toMatchObject([{ id: 'work' }]);
  });

  it('takes any user id', async () => {
    expect((await run('list', 'alice@example.com/ü', '--json')).exitCode).toBe(0);
  });
});

describe('keyhold resolve', () => {
  it.each([[[]], [['--json']]])('hides the secret with %j', async (options) => {
    const { stdout, exitCode } = await run('resolve', 'alice', '--provider', 'openai', ...options);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('(hidden)');
    expect(stdout).toContain('authorization');
    expect(stdout).not.toContain(SECRET);
  });

  it.each([[[]], [['--json']]])('prints it when asked, with %j', async (options) => {
    const { stdout } = await run('resolve', 'alice', '--provider', 'openai', '--show-secret', ...options);
    expect(stdout).toContain(`Bearer ${SECRET}`);
  });

  it('ends with 3 when the user has to connect', async () => {
    const { exitCode, stdout, stderr } = await run('resolve', 'bob', '--provider', 'github');
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^keyhold: not_connected: .*; request .+\n$/);
  });

  it('ends with 4 when the request is refused', async () => {
    const { exitCode, stderr } = await run('resolve', 'alice', '--for-url', 'ftp://x');
    expect([exitCode, stderr.includes('invalid_request')]).toEqual([4, true]);
  });
});

describe('keyhold check', () => {
  it('says what the provider said of a key, and does not print it', async () => {
    const { stdout, exitCode } = await run('check', 'alice', 'work', '--json');
    expect([0, 3, 5]).toContain(exitCode);
    expect(stdout).not.toContain(SECRET);
    expect((await run('check', 'alice', 'no-such-id')).exitCode).toBe(4);
  });
});

describe('keyhold providers', () => {
  it('lists them with a token of the local server', async () => {
    const { json, exitCode } = await run('providers', '--ready', '--json');
    expect(exitCode).toBe(0);
    expect(json.providers.map(({ provider }: { provider: string }) => provider)).toEqual(
      expect.arrayContaining(['demo', 'github']),
    );
  });

  it('wants the token of a user elsewhere', async () => {
    const { exitCode, stderr } = await runCommand([
      'providers',
      '--url',
      'https://example.com',
      '--region',
      'eu-west-1',
    ]);
    expect([exitCode, stderr.includes('KEYHOLD_TOKEN')]).toEqual([2, true]);
  });
});

describe('keyhold connect', () => {
  it('connects a device with a code', async () => {
    const approve = async (child: { stderr: NodeJS.ReadableStream | null }) => {
      let text = '';
      for await (const chunk of child.stderr ?? []) {
        text += chunk;
        const [, address, code] = /Open (\S+) and enter the code (\S+)\./.exec(text) ?? [];
        if (address) return decideDeviceAtDemo(`${address}?user_code=${code}`, 'ada');
      }
      return '';
    };
    const { exitCode, stdout } = await runCommand(['connect', 'carol', 'demo', '--device'], {
      url: keyhold.url,
      onStart: (child) => void approve(child),
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^connected: /)]);
    expect((await run('resolve', 'carol', '--provider', 'demo')).exitCode).toBe(0);
  });
});

describe('keyhold users erase', () => {
  it('asks for --yes where nobody can answer, and erases with it', async () => {
    await keyhold.worker.call('POST', '/v1/users/dora/credentials', { type: 'api_key', provider: 'exa', apiKey: 'x' });
    const refused = await run('users', 'erase', 'dora');
    expect([refused.exitCode, refused.stderr.includes('--yes')]).toEqual([2, true]);
    expect((await run('users', 'erase', 'dora', '--dry-run', '--json')).json).toEqual({ wouldErase: 1 });
    const erased = await run('users', 'erase', 'dora', '--yes', '--json');
    expect([erased.exitCode, erased.json.credentials]).toEqual([0, 1]);
  });
});

describe('a failure', () => {
  it('ends with 1 and a hint where nothing answers', async () => {
    const { exitCode, stderr } = await runCommand(['list', 'alice'], { url: 'http://127.0.0.1:9' });
    expect([exitCode, stderr.includes('npm start')]).toEqual([1, true]);
  });

  it('ends with 4 and a hint where the signature is refused', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'wrong', AWS_SECRET_ACCESS_KEY: 'wrong', AWS_CONFIG_FILE: '/dev/null' };
    const credentials = join(keyhold.home, 'wrong-credentials');
    writeFileSync(credentials, '[wrong]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n');
    const { exitCode, stderr } = await runCommand(['list', 'alice', '--profile', 'wrong'], {
      url: keyhold.url,
      env: { ...env, AWS_SHARED_CREDENTIALS_FILE: credentials },
    });
    expect([exitCode, stderr.includes('--profile')]).toEqual([4, true]);
  });
});
