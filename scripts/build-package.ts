// Builds what the package ships: the client and the command as JavaScript with declarations, into `dist`, or the folder of --out. Only a
// folder that is empty or holds an earlier build is replaced.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: resolve(root, 'dist') } } });
const out = resolve(values.out);

const isReplaceable = (folder: string): boolean => {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  if (entry === undefined) return true;
  if (!entry.isDirectory()) return false;
  const names = ['client/index.js', 'cli/main.js'];
  return readdirSync(folder).length === 0 || names.every((name) => existsSync(resolve(folder, name)));
};

const build = (): number => {
  if (!isReplaceable(out)) {
    process.stderr.write(`${out} is neither empty nor an earlier build: remove it, or name another folder\n`);
    return 1;
  }
  rmSync(out, { recursive: true, force: true });
  const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--project', resolve(root, 'tsconfig.package.json'), '--outDir', out];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
};

process.exitCode = build();
