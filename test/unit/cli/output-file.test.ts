// A file of secrets that a command writes: complete or as it was before, for its owner only. Everything is in a fresh folder.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openOutputFile } from '../../../cli/output/output-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhold-output-'));
  path = join(folder, 'out.jsonl');
});

const readMode = (name: string): number => statSync(name).mode & 0o777;

describe('a file of secrets', () => {
  it('that is new can be read by its owner only', () => {
    const output = openOutputFile(path, false);
    output.write('secret');
    output.finish();
    expect([readFileSync(path, 'utf8'), readMode(path)]).toEqual(['secret\n', 0o600]);
  });

  it.each([true, false])('that was not finished is not left behind: overwrites %s', (overwrites) => {
    const output = openOutputFile(path, overwrites);
    output.write('a part');
    output.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that exists is kept, unless it may be replaced', () => {
    writeFileSync(path, 'former');
    expect(() => openOutputFile(path, false)).toThrow('give --overwrite');
    expect(readFileSync(path, 'utf8')).toBe('former');
  });

  it('replaces a former one whole, when it is finished, for its owner only', () => {
    writeFileSync(path, 'former, and longer', { mode: 0o666 });
    chmodSync(path, 0o666);
    const output = openOutputFile(path, true);
    output.write('new');
    expect([readFileSync(path, 'utf8'), readdirSync(folder).map((name) => readMode(join(folder, name)))]).toEqual([
      'former, and longer',
      [0o666, 0o600],
    ]);
    output.finish();
    expect([readFileSync(path, 'utf8'), readMode(path), readdirSync(folder)]).toEqual(['new\n', 0o600, ['out.jsonl']]);
  });

  it('leaves the former one when it fails', () => {
    writeFileSync(path, 'former');
    const output = openOutputFile(path, true);
    output.write('a part');
    output.discard();
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['former', ['out.jsonl']]);
  });

  it('replaces what a symbolic link leads to, and not the link', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'former');
    symlinkSync(target, path);
    const output = openOutputFile(path, true);
    output.write('new');
    output.finish();
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, 'new\n']);
  });

  it('is no folder', () => {
    mkdirSync(path);
    expect(() => openOutputFile(path, true)).toThrow('cannot be written');
    expect(readdirSync(folder)).toEqual(['out.jsonl']);
  });
});

describe('a pipe', () => {
  it('is written to, stays what it is, and keeps its mode', async () => {
    execFileSync('mkfifo', ['-m', '644', path]);
    const reading = readFile(path, 'utf8');
    const output = openOutputFile(path, true);
    output.write('secret');
    output.finish();
    expect(await reading).toBe('secret\n');
    expect([statSync(path).isFIFO(), readMode(path), readdirSync(folder)]).toEqual([true, 0o644, ['out.jsonl']]);
  });
});
