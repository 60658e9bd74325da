// What an import may write to: the user that was named, and files of its own. And what --verify proves, on a stub of the service.
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ImportStub, startImportStub } from '../../support/cli/import-stub.ts';
import { runCommand } from '../../support/cli/run-command.ts';

let stub: ImportStub;
let path: string;
beforeAll(async () => {
  stub = await startImportStub();
});
beforeEach(() => {
  stub.stored.clear();
  path = join(mkdtempSync(join(tmpdir(), 'keyhold-import-')), 'users.jsonl');
});
afterAll(() => stub.close());

const documentWith = (...ids: string[]) => ({ credentials: ids.map((id) => ({ id, type: 'api_key' })) });
const lineWith = (...ids: string[]) => `${JSON.stringify({ userId: 'alice', document: documentWith(...ids) })}\n`;

const run = (...options: string[]) => runCommand(['import', path, '--json', ...options], { url: stub.url });

/** Makes something beside the input; answers its path. */
const other = (make: (name: string) => void): string => {
  make(`${path}-other`);
  return `${path}-other`;
};

const readIfFile = (name: string): string | null =>
  statSync(name, { throwIfNoEntry: false })?.isFile() ? readFileSync(name, 'utf8') : null;

describe('an import with --user', () => {
  it.each([
    `{"credentials":[]},"userId":"bob","document":${JSON.stringify(documentWith('x'))}`,
    `{"credentials":[]},"format":"autogpt"`,
    '[]',
    '',
  ])('takes a file that is one JSON object and no other: %s', async (text) => {
    writeFileSync(path, text);
    const { exitCode, json } = await run('--user', 'alice');
    expect([exitCode, json]).toEqual([5, { kind: 'failed', userId: 'alice', error: 'is no JSON object' }]);
    expect(stub.stored.size).toBe(0);
  });

  it('writes to that user, whatever members the document has', async () => {
    writeFileSync(path, JSON.stringify({ userId: 'bob', format: 'autogpt', ...documentWith('x') }));
    expect((await run('--user', 'alice')).exitCode).toBe(0);
    expect([...stub.stored]).toEqual([['alice', new Set(['x'])]]);
  });
});

describe('the report of an import', () => {
  it.each([
    ['the input', () => path],
    ['the input by another name', () => other((name) => symlinkSync(path, name))],
    ['the input by a second hard link', () => other((name) => linkSync(path, name))],
    ['the journal', () => `${path}.keyhold-journal`],
    ['a file that exists', () => other((name) => writeFileSync(name, 'kept'))],
    ['a folder', () => other((name) => mkdirSync(name))],
    ['a symbolic link to no file', () => other((name) => symlinkSync(`${path}-none`, name))],
    ['in no folder', () => `${path}-none/report`],
  ])('is refused where it is %s', async (_, makeReport) => {
    const text = lineWith('x');
    writeFileSync(path, text);
    const report = makeReport();
    const before = readIfFile(report);
    const { exitCode, stderr } = await run('--report', report);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^keyhold: .+\nUsage: /)]);
    expect([readFileSync(path, 'utf8'), readIfFile(report)]).toEqual([text, before]);
    expect([existsSync(`${path}.keyhold-journal`), stub.stored.size]).toEqual([false, 0]);
  });

  it.each([
    ['a symbolic link', (target: string, name: string) => symlinkSync(target, name)],
    ['a hard link', (target: string, name: string) => linkSync(target, name)],
  ])('and the journal are not written where they are %s to the input', async (_, makeLink) => {
    const text = lineWith('x');
    for (const ending of ['report', 'journal']) {
      path = join(mkdtempSync(join(tmpdir(), 'keyhold-import-')), 'users.jsonl');
      writeFileSync(path, text);
      makeLink(path, `${path}.keyhold-${ending}`);
      expect((await run('--restart')).exitCode).toBe(2);
      expect([readFileSync(path, 'utf8'), stub.stored.size]).toEqual([text, 0]);
    }
  });

  it('is not written through a symbolic link in its usual place', async () => {
    writeFileSync(path, lineWith('x'));
    writeFileSync(`${path}-other`, 'kept');
    symlinkSync(`${path}-other`, `${path}.keyhold-report`);
    expect((await run()).exitCode).toBe(2);
    expect(readFileSync(`${path}-other`, 'utf8')).toBe('kept');
  });

  it('of an earlier run in its usual place is replaced', async () => {
    writeFileSync(path, lineWith('bad-1'));
    for (const _ of [1, 2]) expect((await run()).exitCode).toBe(5);
    expect(readFileSync(`${path}.keyhold-report`, 'utf8').match(/bad-1/g)).toHaveLength(1);
  });

  it('of a run that was stopped before its first line is used again', async () => {
    writeFileSync(path, lineWith('bad-1'));
    const down = { url: 'http://127.0.0.1:9' };
    const args = ['import', path, '--json', '--report', `${path}-own`];
    expect((await runCommand(args, down)).exitCode).toBe(1);
    expect((await runCommand(args, down)).exitCode).toBe(1);
  });

  it('of a run that was stopped is not looked for in another file', async () => {
    writeFileSync(path, `${lineWith('bad-1')}${lineWith('x').replace('alice', 'down')}`);
    stub.beforeAnswer = (userId) => {
      if (userId === 'down') throw new Error('down');
    };
    expect((await run('--report', `${path}-own`)).exitCode).toBe(1);
    stub.beforeAnswer = () => {};
    writeFileSync(`${path}-other`, 'kept'.repeat(100));
    const { exitCode, stderr } = await run('--report', `${path}-other`);
    expect([exitCode, stderr.includes('another import')]).toEqual([2, true]);
    expect(readFileSync(`${path}-other`, 'utf8')).toBe('kept'.repeat(100));
    expect((await run('--report', `${path}-own`)).exitCode).toBe(5);
  });
});

describe('an import with --verify', () => {
  const readReport = () => JSON.parse(readFileSync(`${path}.keyhold-report`, 'utf8'));

  it('checks what was there before as well, and names what failed', async () => {
    writeFileSync(path, lineWith('good', 'invalid-1', 'unknown-1'));
    expect((await run()).exitCode).toBe(0);
    const { exitCode, json } = await run('--verify');
    expect([exitCode, json]).toMatchObject([5, { imported: 0, existing: 3, valid: 1, invalid: 1, unknown: 1 }]);
    expect(readReport()).toEqual({
      ...{ line: 1, userId: 'alice', skipped: [] },
      checks: { valid: 1, invalid: ['invalid-1'], unknown: ['unknown-1'] },
    });
  });

  it('ends with 0 when every stored credential of the file is valid', async () => {
    writeFileSync(path, lineWith('good-1', 'good-2'));
    expect((await run()).exitCode).toBe(0);
    const { exitCode, json } = await run('--verify');
    expect([exitCode, json]).toMatchObject([0, { existing: 2, valid: 2 }]);
  });

  it.each(['invalid-1', 'unknown-1'])('of one user ends with 5 for %s', async (id) => {
    writeFileSync(path, JSON.stringify(documentWith(id)));
    const { exitCode, json } = await run('--user', 'alice', '--verify');
    expect([exitCode, [...json.checks.invalid, ...json.checks.unknown]]).toEqual([5, [id]]);
  });
});
