// How functions are bundled, each into one file. The AWS SDK is included: the used part starts faster than the copy in the runtime, and
// its version is the tested one.
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { builtinModules } from './builtin-modules.ts';
import { bundlePlugins, replacement } from './bundle-plugins.ts';
import { schemaModules } from './schema-modules.ts';
import { zodModule } from './zod-module.ts';

/** Packages replaced in a bundle, and their replacements. */
const aliases = {
  '@aws-sdk/credential-provider-node': replacement('environment-credentials'),
  '@aws-sdk/middleware-endpoint-discovery': replacement('no-endpoint-discovery'),
  '@smithy/core/event-streams': replacement('no-event-streams'),
  '@aws/lambda-invoke-store': replacement('clients/no-invoke-store'),
  '@middy/util': replacement('no-middy-util'),
};

/**
 * The esbuild options of the functions that `functions/<name>.ts` are, each with the output `<name>.mjs`. An output has a source map of its
 * own, for reading where a logged fault happened; nothing is written. A function's output is the same whichever others are built with it.
 */
export const bundleSettings = (...names: string[]) =>
  ({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: names.map((name) => `functions/${name}.ts`),
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    metafile: true,
    write: false,
    alias: aliases,
    plugins: [...bundlePlugins, builtinModules, schemaModules, zodModule],
    logLevel: 'warning',
    // zod names all of its writer's functions, in methods that are never called.
    logOverride: { 'import-is-undefined': 'silent' },
  }) satisfies BuildOptions;
