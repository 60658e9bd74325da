// Builds what the package ships: the client and the command as JavaScript with declarations, into `dist`, or the folder of --out.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { out } = parseArgs({ options: { out: { type: 'string', default: resolve(root, 'dist') } } }).values;

rmSync(out, { recursive: true, force: true });
const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
const args = [compiler, '--project', resolve(root, 'tsconfig.package.json'), '--outDir', out];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
