// Bundles the programs that suites start many times, once per run: loading their sources takes most of a start. A bundle runs the same code;
// the application of the connect page is built beforehand, as in the deployed bundle. With `fromSource`, a test starts local/main.ts itself.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { embedApp } from '../../../cdk/functions/embed-app.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** Modules that find other files of the server: in a bundle those are beside it. */
const RELATIVE_TO_BUNDLE = ['local/main.ts', 'lib/http/chain/describe-fault.ts'].map((path) => join(PROJECT, path));

/** All other modules find the files that they read where their source is. */
const sourcePlaces: Plugin = {
  name: 'source-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/(?:local|lib|web)\/.*\.ts$/ }, ({ path }) => {
      if (path.includes('/node_modules/') || RELATIVE_TO_BUNDLE.includes(path)) return undefined;
      const text = readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(resolve(path, '..')))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents: text, loader: 'ts' };
    });
  },
};

/** The demo provider's library, which few servers load, is not a part: it knows its classes by their names. */
const withoutDemoLibrary: Plugin = {
  name: 'without-demo-library',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^oidc-provider$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === 'found') return undefined;
      const found = await find(path, { kind, resolveDir, pluginData: 'found' });
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

/** For packages in CommonJS. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** The server, and processes that tests kill or ask at once. */
const PROGRAMS = ['local/main.ts', 'test/reliability/crash/refresh-child.ts', 'test/e2e/mcp/resolving-process.ts'];

/** Makes the bundle in a folder of its own, which is removed after the run; KEYHOLD_TEST_PROGRAMS is its path. */
export default async function bundlePrograms(): Promise<(() => void) | undefined> {
  // The projects of a run share one.
  if (process.env.KEYHOLD_TEST_PROGRAMS !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-programs-'));
  const functions = readdirSync(join(PROJECT, 'functions')).filter((name) => name.endsWith('.ts'));
  await build({
    absWorkingDir: PROJECT,
    entryPoints: [...PROGRAMS, ...functions.map((name) => `functions/${name}`)],
    outdir: folder,
    outbase: PROJECT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    plugins: [embedApp, sourcePlaces, withoutDemoLibrary],
    logLevel: 'warning',
  });
  process.env.KEYHOLD_TEST_PROGRAMS = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
