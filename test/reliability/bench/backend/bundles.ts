// Bundles functions with esbuild's command line: as deployed, with the options of the stack, and naively, with none. The command
// line takes the same options as CDK, which also runs it.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSettings } from '../../../../cdk/functions/bundle-settings.ts';

const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How a function is bundled. */
export type BundleKind = 'deployed' | 'naive';

/** A function's bundle. */
export interface Bundle {
  name: string;
  path: string;
  bytes: number;
}

/** Options that CDK turns into arguments of the same meaning. */
interface Known {
  format: string;
  target: string;
  mainFields?: string[];
  minify?: boolean;
  define?: Record<string, string>;
  esbuildArgs?: Record<string, string | boolean>;
  banner?: string;
  keepNames?: boolean;
}

const settings: Known = bundleSettings;

const deployedArguments = (): string[] => [
  `--format=${settings.format}`,
  `--target=${settings.target}`,
  ...(settings.mainFields ? [`--main-fields=${settings.mainFields.join(',')}`] : []),
  ...(settings.minify ? ['--minify'] : []),
  ...(settings.keepNames ? ['--keep-names'] : []),
  ...(settings.banner === undefined ? [] : [`--banner:js=${settings.banner}`]),
  ...Object.entries(settings.define ?? {}).map(([name, value]) => `--define:${name}=${value}`),
  ...Object.entries(settings.esbuildArgs ?? {}).map(([name, value]) =>
    value === true || value === '' ? name : `${name}${name.includes('=') ? '' : '='}${value}`,
  ),
];

/** The default format of esbuild for Node, CommonJS, has no import.meta. */
const NAIVE_ARGUMENTS = [
  '--format=cjs',
  '--define:import.meta.url=__bundleUrl',
  "--banner:js=const __bundleUrl = require('node:url').pathToFileURL(__filename).href;",
];

/** The names of all functions. */
export const functionNames: readonly string[] = globSync(join(PROJECT, 'functions/*.ts'))
  .map((path) => basename(path, '.ts'))
  .toSorted();

/** Bundles a function into the folder. */
export const bundleFunction = (name: string, kind: BundleKind, folder: string): Bundle => {
  mkdirSync(folder, { recursive: true });
  const extension = kind === 'deployed' && settings.format === 'esm' ? 'mjs' : 'cjs';
  const path = join(folder, `${name}-${kind}.${extension}`);
  const own = kind === 'deployed' ? deployedArguments() : NAIVE_ARGUMENTS;
  const common = [`functions/${name}.ts`, '--bundle', '--platform=node', '--log-level=error', `--outfile=${path}`];
  execFileSync(join(PROJECT, 'node_modules/.bin/esbuild'), [...common, ...own], { cwd: PROJECT, stdio: 'inherit' });
  return { name, path, bytes: statSync(path).size };
};
