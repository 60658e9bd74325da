// An import by the command: killed and resumed without a second effect, in bounded memory, with a report of what was not taken.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ImportStub, startImportStub } from '../../support/cli/import-stub.ts';
import { runCommand } from '../../support/cli/run-command.ts';

const USERS = 400;
const SECRET = 'sk-of-an-import';

let stub: ImportStub;
beforeAll(async () => {
  stub = await startImportStub();
});
beforeEach(() => {
  stub.stored.clear();
  stub.beforeAnswer = () => {};
});
afterAll(() => stub.close());

const key = (id: string) => ({ type: 'api_key', provider: 'openai', id, secret: { apiKey: SECRET } });
const line = (userId: string, ...ids: string[]) => JSON.stringify({ userId, document: { credentials: ids.map(key) } });

const writeInput = (lines: string[]): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'keyhold-import-')), 'users.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
};

const makeUsers = (): string[] =>
  Array.from({ length: USERS }, (_, i) => line(`user-${i}`, `a-${i}`, i % 50 === 7 ? `bad-${i}` : `b-${i}`));

const run = (path: string, ...options: string[]) =>
  runCommand(['import', path, '--json', ...options], { url: stub.url });

/** Runs until the service has answered so many requests, then kill -9. */
const runAndKill = (path: string, requests: number) => {
  const until = stub.requests() + requests;
  return runCommand(['import', path, '--json'], {
    url: stub.url,
    onStart: (child) => {
      stub.beforeAnswer = () => {
        if (stub.requests() >= until) child.kill('SIGKILL');
      };
    },
  });
};

const readReport = (path: string) =>
  readFileSync(`${path}.keyhold-report`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));

describe('an import', () => {
  it('that was killed twice goes on, without a second effect, and reports each line once', async () => {
    const path = writeInput(makeUsers());
    const before = stub.requests();
    for (const requests of [90, 160]) {
      const { exitCode, stdout } = await runAndKill(path, requests);
      expect([exitCode, stdout]).toEqual([null, '']);
      expect(existsSync(`${path}.keyhold-journal`)).toBe(true);
    }
    stub.beforeAnswer = () => {};
    const { exitCode, json, stderr } = await run(path);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/going on after line \d+/);
    expect(json).toMatchObject({ users: USERS, skipped: 8, failed: 0 });
    expect(json.imported + json.existing).toBe(2 * USERS - 8);
    expect([...stub.stored.values()].reduce((sum, ids) => sum + ids.size, 0)).toBe(2 * USERS - 8);
    // Only what was under way at a kill comes twice.
    expect(stub.requests() - before).toBeLessThanOrEqual(USERS + 2 * 8);
    expect(readReport(path).map((entry) => entry.skipped[0].id)).toEqual(
      [7, 57, 107, 157, 207, 257, 307, 357].map((i) => `bad-${i}`),
    );
    expect(existsSync(`${path}.keyhold-journal`)).toBe(false);
  });

  it('stops at a fault of the service, and the same command goes on', async () => {
    const path = writeInput(makeUsers().slice(0, 60));
    stub.beforeAnswer = (userId) => {
      if (userId === 'user-40') throw new Error('down');
    };
    const stopped = await run(path);
    expect([stopped.exitCode, stopped.stdout]).toEqual([1, '']);
    expect(stopped.stderr).toMatch(/^keyhold: /);
    stub.beforeAnswer = () => {};
    const { json } = await run(path);
    expect(json).toMatchObject({ users: 60, imported: 118 - json.existing, skipped: 2 });
    expect(stub.stored.size).toBe(60);
  });

  it('names each line that is none, by number, and goes on', async () => {
    const path = writeInput([line('a', 'x'), '{"userId"', '', '{"userId":"b"}', line('c', 'y')]);
    const { exitCode, json, stdout, stderr } = await run(path);
    expect([exitCode, json.users, json.imported, json.failed]).toEqual([5, 4, 2, 2]);
    expect(readReport(path)).toEqual([
      { line: 2, userId: null, error: 'is no JSON object' },
      { line: 4, userId: null, error: 'has no document' },
    ]);
    expect(stdout + stderr + readFileSync(`${path}.keyhold-report`, 'utf8')).not.toContain(SECRET);
  });

  it('of all that is there already ends with 0 and leaves no file behind', async () => {
    const path = writeInput([line('a', 'x', 'y')]);
    expect((await run(path)).exitCode).toBe(0);
    const { exitCode, json } = await run(path);
    expect([exitCode, json.imported, json.existing]).toEqual([0, 0, 2]);
    expect([existsSync(`${path}.keyhold-journal`), existsSync(`${path}.keyhold-report`)]).toEqual([false, false]);
  });

  it('reads a file larger than its memory', async () => {
    const padding = 'p'.repeat(400_000);
    const wide = (i: number) => JSON.stringify({ userId: `u-${i}`, document: { credentials: [{ id: 'x', padding }] } });
    const path = writeInput(Array.from({ length: 250 }, (_, i) => wide(i)));
    const { exitCode, json } = await runCommand(['import', path, '--json'], {
      url: stub.url,
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
    });
    expect([exitCode, json?.imported]).toEqual([0, 250]);
  });

  it('is only read with --dry-run', async () => {
    const before = stub.requests();
    const { exitCode, json } = await run(writeInput([line('a', 'x', 'y'), 'nonsense']), '--dry-run');
    expect([exitCode, json]).toEqual([
      5,
      { users: 1, credentials: 2, wrong: [{ line: 2, error: 'is no JSON object' }], wrongCount: 1 },
    ]);
    expect(stub.requests()).toBe(before);
  });

  it('takes one document of one user', async () => {
    const path = writeInput([JSON.stringify({ credentials: [key('x')] })]);
    const { exitCode, json } = await run(path, '--user', 'zoe');
    expect([exitCode, json.imported]).toEqual([0, ['x']]);
  });
});
