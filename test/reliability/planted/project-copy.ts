// A copy of the project in which a fault may stand: the ordinary suites run in it as they are, and nothing of the project
// itself is touched.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Patch } from './patched-faults.ts';

/** Made by tools, as all is whose name begins with a dot. */
const LEFT_OUT = ['node_modules', 'cdk.out', 'coverage', 'reports'];
const MODULES = resolve('node_modules');

/** Gives its folder. */
export const copyProject = (): string => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'planted-'));
  for (const name of readdirSync('.')) {
    if (!name.startsWith('.') && !LEFT_OUT.includes(name)) cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(MODULES, join(folder, 'node_modules'));
  return folder;
};

const applyPatch = (folder: string, { file, from, to }: Patch): void => {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} has not one place for the fault: ${from}`);
  writeFileSync(path, parts.join(to));
};

/** Puts the fault in; gives what takes it out again. */
export const plant = (folder: string, patches: readonly Patch[]): (() => void) => {
  for (const patch of patches) applyPatch(folder, patch);
  return () => {
    for (const { file } of patches) cpSync(file, join(folder, file));
  };
};

/** The runner that runs us must not be taken for the one that is started. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST|NODE_ENV)/.test(name)));

const escaped = (title: string) => title.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

interface Results {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

/** Runs the tests of these titles in the copy; gives what became of each title: `passed` or `failed`. */
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
