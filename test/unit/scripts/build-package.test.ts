// What a build may replace: no folder but a missing or empty one, or an earlier build.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const script = resolve('scripts/build-package.ts');

const build = (out: string, cwd = process.cwd()) =>
  promisify(execFile)(process.execPath, [script, '--out', out], { cwd }).then(
    () => 0,
    ({ code, stderr }: { code: number; stderr: string }) => [code, stderr],
  );

const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'keyhold-build-'));

describe('a build', () => {
  it.each(['..', '../files'])('replaces no folder or file that it did not make: --out %s', async (out) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'files'), 'kept');
    mkdirSync(join(folder, 'inner'));
    expect(await build(out, join(folder, 'inner'))).toEqual([1, expect.stringContaining('neither empty nor')]);
    expect(readdirSync(folder)).toEqual(['files', 'inner']);
  });

  it('replaces no application that has a client of its own', async () => {
    const out = makeFolder();
    mkdirSync(join(out, 'client'));
    writeFileSync(join(out, 'client/index.js'), 'kept');
    expect(await build(out)).toEqual([1, expect.stringContaining('neither empty nor')]);
    expect(readdirSync(join(out, 'client'))).toEqual(['index.js']);
  });

  it('replaces an empty folder, and an earlier build', async () => {
    const out = makeFolder();
    expect(await build(out)).toBe(0);
    writeFileSync(join(out, 'stale.js'), '');
    expect(await build(out)).toBe(0);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['cli', 'client']));
    expect(readdirSync(out)).not.toContain('stale.js');
  });
});
