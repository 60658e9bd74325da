// Bundles functions: as deployed, by the program that the stack uses, and naively, by esbuild's command line without options.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How a function is bundled. */
export type BundleKind = 'deployed' | 'naive';

/** A function's bundle. */
export interface Bundle {
  name: string;
  path: string;
  bytes: number;
}

/** The default format of esbuild for Node, CommonJS, has no import.meta. */
const NAIVE_ARGUMENTS = [
  '--format=cjs',
  '--define:import.meta.url=__bundleUrl',
  "--banner:js=const __bundleUrl = require('node:url').pathToFileURL(__filename).href;",
];

/** Its page is built and embedded by a plugin, which esbuild's command line does not take, so there is no naive bundle of it. */
const WITHOUT_NAIVE_BUNDLE = 'connect-page';

/** The names of the functions that are compared. */
export const functionNames: readonly string[] = globSync(join(PROJECT, 'functions/*.ts'))
  .map((path) => basename(path, '.ts'))
  .filter((name) => name !== WITHOUT_NAIVE_BUNDLE)
  .toSorted();

const bundleAsDeployed = (name: string, folder: string): string => {
  execFileSync(process.execPath, [join(PROJECT, 'cdk/functions/bundle-functions.ts'), folder, name], {
    stdio: 'inherit',
  });
  return join(folder, name, 'index.mjs');
};

const bundleNaively = (name: string, folder: string): string => {
  const path = join(folder, `${name}-naive.cjs`);
  const common = [`functions/${name}.ts`, '--bundle', '--platform=node', '--log-level=error', `--outfile=${path}`];
  const esbuild = join(PROJECT, 'node_modules/.bin/esbuild');
  execFileSync(esbuild, [...common, ...NAIVE_ARGUMENTS], { cwd: PROJECT, stdio: 'inherit' });
  return path;
};

/** Bundles a function into the folder. */
export const bundleFunction = (name: string, kind: BundleKind, folder: string): Bundle => {
  mkdirSync(folder, { recursive: true });
  const path = kind === 'deployed' ? bundleAsDeployed(name, folder) : bundleNaively(name, folder);
  return { name, path, bytes: statSync(path).size };
};
