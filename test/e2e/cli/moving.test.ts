// Import, export and links by the command, over a running service.
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../lib/http/routes/routes.ts';
import { runCommand } from '../../support/cli/run-command.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

const has = (end: string): boolean => routes.some(({ path }) => path.endsWith(end));
for (const route of ['/import', '/connect-links'].filter((end) => !has(end))) {
  console.warn(`this service has no ${route}: its command is not tested`);
}

const SECRET = 'sk-that-moves';

let keyhold: Keyhold;
let folder: string;
beforeAll(async () => {
  keyhold = await startKeyhold();
  folder = mkdtempSync(join(tmpdir(), 'keyhold-moving-'));
});
afterAll(() => keyhold.stop());

const run = (...args: string[]) => runCommand(args, { url: keyhold.url });

describe.skipIf(!has('/import'))('keyhold export and import', () => {
  it('move a user, and the file can be read by its owner only', async () => {
    for (const id of ['one', 'two']) {
      const key = { type: 'api_key', provider: 'openai', id, title: id, apiKey: `${SECRET}-${id}` };
      await keyhold.worker.call('POST', '/v1/users/alice/credentials', key);
    }
    const file = join(folder, 'alice.jsonl');
    const exported = await run('export', 'alice', '--output', file);
    expect([exported.exitCode, exported.stdout.includes(SECRET)]).toEqual([0, false]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run('export', 'alice', '--output', file)).exitCode).toBe(2);
    const moved = join(folder, 'bob.jsonl');
    writeFileSync(moved, readFileSync(file, 'utf8').replaceAll('"userId":"alice"', '"userId":"bob"'));
    const imported = await run('import', moved, '--json', '--verify');
    expect(imported.json).toMatchObject({ users: 1, imported: 2, failed: 0 });
    const resolved = await keyhold.worker.call('POST', '/v1/users/bob/resolve', { credentialId: 'two' });
    expect(resolved.json.headers.authorization).toBe(`Bearer ${SECRET}-two`);
  });

  it('leave a file that is replaced to its owner only', async () => {
    const file = join(folder, 'open.jsonl');
    writeFileSync(file, 'earlier', { mode: 0o644 });
    expect((await run('export', 'alice', '--output', file, '--overwrite')).exitCode).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('earlier');
  });

  it('leave the former file, and no new one, when the service does not answer', async () => {
    const own = mkdtempSync(join(tmpdir(), 'keyhold-moving-'));
    writeFileSync(join(own, 'former.jsonl'), 'former');
    const down = ['--url', 'http://127.0.0.1:9'];
    for (const name of ['former.jsonl', 'new.jsonl'])
      expect((await run('export', 'alice', '--output', join(own, name), '--overwrite', ...down)).exitCode).toBe(1);
    expect(readdirSync(own)).toEqual(['former.jsonl']);
    expect(readFileSync(join(own, 'former.jsonl'), 'utf8')).toBe('former');
  });

  it('leave what exists as it is', async () => {
    const file = join(folder, 'again.jsonl');
    const credentials = [{ id: 'one', type: 'api_key', provider: 'openai', apiKey: 'another' }];
    writeFileSync(file, JSON.stringify({ userId: 'alice', document: { credentials } }));
    const { json, exitCode } = await run('import', file, '--json');
    expect([exitCode, json.existing, json.imported]).toEqual([0, 1, 0]);
  });
});

describe.skipIf(!has('/connect-links'))('keyhold connect', () => {
  it('prints a link for the user, and nothing else on stdout', async () => {
    const { exitCode, stdout, stderr } = await run('connect', 'alice', 'demo', '--no-open');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/connect#\S+\n$/)]);
    expect(stderr).toMatch(/first browser/);
    const { json } = await run('connect', 'alice', '--manage', '--expires-in', '60', '--json');
    expect(Date.parse(json.expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  });
});
