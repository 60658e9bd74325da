// A copy of the project for planted faults: the ordinary suites run in it unchanged, and the project itself is not touched.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Patch } from './patched-faults.ts';

/** Generated; names that begin with a dot are skipped too. */
const SKIPPED = ['node_modules', 'cdk.out', 'coverage', 'reports'];
const MODULES = resolve('node_modules');

/** Copies the project; returns the folder. */
export const copyProject = (): string => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'planted-'));
  for (const name of readdirSync('.')) {
    if (!name.startsWith('.') && !SKIPPED.includes(name)) cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(MODULES, join(folder, 'node_modules'));
  return folder;
};

const applyPatch = (folder: string, { file, from, to }: Patch): void => {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} does not contain the text exactly once: ${from}`);
  writeFileSync(path, parts.join(to));
};

/** Applies the patches; returns a function that reverts them. */
export const applyPatches = (folder: string, patches: readonly Patch[]): (() => void) => {
  for (const patch of patches) applyPatch(folder, patch);
  return () => {
    for (const { file } of patches) cpSync(file, join(folder, file));
  };
};

/** Without the variables of the running test runner, and without its bundle of the server, which has no planted fault. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST|NODE_ENV|KEYHOLD_TEST)/.test(name)),
  );

const escaped = (title: string) => title.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

interface Results {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

/** Runs the tests with these titles in the copy; returns `passed` or `failed` by title. */
export const runTests = async (
  folder: string,
  tests: readonly (readonly [file: string, title: string])[],
): Promise<Map<string, string>> => {
  const report = join(folder, 'report.json');
  const files = [...new Set(tests.map(([file]) => join('test', file)))];
  const titles = tests.map(([, title]) => escaped(title)).join('|');
  const args = ['run', ...files, '-t', titles, '--reporter=json', `--outputFile=${report}`];
  const runner = spawn(process.execPath, [join(MODULES, 'vitest', 'vitest.mjs'), ...args], {
    cwd: folder,
    env: environment(),
    stdio: 'ignore',
  });
  await once(runner, 'exit');
  const { testResults }: Results = JSON.parse(readFileSync(report, 'utf8'));
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(ran.filter(({ status }) => status !== 'skipped').map(({ title, status }) => [title, status]));
};
