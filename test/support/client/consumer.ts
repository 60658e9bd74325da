// A project of a stranger that has the package installed: built and packed as `npm pack` does, once per run, and unpacked into its
// node_modules. The packages beside it are those of this repository.
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
const modules = join(root, 'node_modules');

/** What a command of the project printed, and how it ended. */
export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The project; paths are relative to its folder. */
export interface Consumer {
  folder: string;
  write(path: string, text: string): void;
  copy(from: string, to: string): void;
  /** Runs a script of the project with Node, with no environment but this, PATH, and where Node keeps what it compiled. */
  node(args: string[], env?: Record<string, string>): Promise<Outcome>;
  /** Compiles the project strictly; the lines that the compiler prints. */
  compile(files: string[], options?: Record<string, unknown>): Promise<string[]>;
  /** The files of the package. */
  packed: string[];
}

const STRICT = {
  strict: true,
  noEmit: true,
  target: 'es2024',
  module: 'nodenext',
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  types: ['node'],
};

const homes = process.env.KEYHOLD_TEST_HOMES ?? mkdtempSync(join(tmpdir(), 'keyhold-tests-'));
const { PATH, NODE_COMPILE_CACHE } = process.env;
const SHELL = { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
/** A hang limit. */
const PACK_MILLISECONDS = 90_000;

/** Packs what `files` names, and one folder that it must leave out. */
const packInto = async (folder: string): Promise<void> => {
  const stage = join(folder, 'stage');
  mkdirSync(join(stage, 'lib'), { recursive: true });
  writeFileSync(join(stage, 'lib', 'unpublished.ts'), '');
  for (const path of ['package.json', 'README.md', 'cli'])
    cpSync(join(root, path), join(stage, path), { recursive: true });
  await run(process.execPath, [join(root, 'scripts/build-package.ts'), '--out', join(stage, 'dist')]);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: stage });
};

/** The archive of this run: the first of its workers packs it, and the others wait. */
const packOnce = async (): Promise<string> => {
  const folder = join(homes, 'package');
  const done = join(folder, 'done');
  const isFirst = mkdirSync(folder, { recursive: true }) !== undefined;
  if (isFirst) {
    await packInto(folder);
    writeFileSync(done, '');
  }
  for (const began = Date.now(); !existsSync(done); await sleep(50))
    if (Date.now() - began > PACK_MILLISECONDS) throw new Error('the package was not packed by another worker');
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'none.tgz');
};

const linkPackages = (folder: string): void => {
  for (const name of readdirSync(modules)) {
    if (!name.startsWith('.') && name !== 'keyhold') symlinkSync(join(modules, name), join(folder, name));
  }
};

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

const install = async (folder: string): Promise<string[]> => {
  const archive = await packOnce();
  const target = join(folder, 'project', 'node_modules', 'keyhold');
  mkdirSync(target, { recursive: true });
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', target]);
  linkPackages(join(folder, 'project', 'node_modules'));
  return listFiles(target).toSorted();
};

const finish = (error: unknown): Outcome => {
  const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
  return { exitCode: typeof code === 'number' ? code : -1, stdout, stderr };
};

/** Makes a project with the package installed. */
export const makeConsumer = async (): Promise<Consumer> => {
  const base = mkdtempSync(join(homes, 'keyhold-consumer-'));
  const packed = await install(base);
  const folder = join(base, 'project');
  const write: Consumer['write'] = (path, text) => writeFileSync(join(folder, path), text);
  write('package.json', JSON.stringify({ name: 'consumer', type: 'module' }));
  const execute = (args: string[], env: Record<string, string> = {}): Promise<Outcome> =>
    run(process.execPath, args, { cwd: folder, env: { ...SHELL, ...env } }).then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
      finish,
    );
  return {
    folder,
    packed,
    write,
    copy: (from, to) => cpSync(join(root, from), join(folder, to), { recursive: true }),
    node: execute,
    compile: async (files, options = {}) => {
      write('tsconfig.json', JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
      const { stdout } = await execute([
        join(modules, 'typescript/bin/tsc'),
        '--singleThreaded',
        '--pretty',
        'false',
        '-p',
        '.',
      ]);
      return stdout.split('\n').filter(Boolean);
    },
  };
};

/** The names that the declarations of an entry export. */
export const readExports = (folder: string, entry: string): string[] => {
  const dist = join(folder, 'node_modules/keyhold/dist/client');
  const own = [...readFileSync(join(dist, `${entry}.d.ts`), 'utf8').matchAll(/^export (?:type )?\{(.*?)\}/gms)];
  const types = readFileSync(join(dist, 'generated/api-types.d.ts'), 'utf8');
  return [
    ...own.flatMap(([, names = '']) => names.split(',').map((name) => name.replace('type ', '').trim())),
    ...[...types.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name = '']) => name),
  ].filter(Boolean);
};
