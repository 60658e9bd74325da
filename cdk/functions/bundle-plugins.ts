// What is left out of the bundles of the packages' own modules, which have no name that an alias could replace. Each part is code
// that no function calls; test/infra/bundle.test.ts shows that it is left out.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { embedApp } from './embed-app.ts';

/** The path of a module that replaces another in the bundles. */
export const replacement = (name: string): string =>
  fileURLToPath(new URL(`./replacements/${name}.ts`, import.meta.url));

/** Modules by how other modules of their package import them, and their replacements. */
const replacedModules: readonly [RegExp, string][] = [
  [/\/(?:to-json-schema|json-schema-(?:generator|processors))\.js$/, 'no-json-schema'],
  [/\/HeaderFormatter$/, 'no-signed-events'],
  [/\/(?:loadSharedConfigFiles|getInstanceMetadataRegion)$/, 'no-configuration-files'],
  [/\/emitWarningIfUnsupportedVersion$/, 'no-version-warning'],
  [/^\.\/runtimeExtensions$/, 'no-client-extensions'],
  [/^\.\/pagination$/, 'no-pagination'],
  [/\/service-customizations$/, 'no-service-customizations'],
  [/\/(?:hex-encoding|uuid\/v4)$/, 'node-values'],
  [/^\.\/date-utils$/, 'clients/epoch-dates'],
  [/\/loggerMiddleware$/, 'clients/no-logger'],
  [/\/calculateBodyLength$/, 'no-file-bodies'],
  [/\/stream-type-check$/, 'no-web-streams'],
  [/\/Sha256Js$/, 'no-software-sha256'],
  [/\/(?:AdaptiveRetryStrategy|DefaultRateLimiter)$/, 'no-adaptive-retries'],
];

const replaceModules: Plugin = {
  name: 'replace-modules',
  setup({ onResolve }) {
    for (const [filter, name] of replacedModules) {
      onResolve({ filter }, () => ({ path: replacement(name), sideEffects: false }));
    }
  },
};

/** The errors of which a field besides the name is read; it takes their schema to parse it. */
const ERRORS_WITH_FIELDS = ['ConditionalCheckFailedException', 'TransactionCanceledException'];

/** The schema of an error (-3) and its registration, which is all that uses its class. */
const otherErrors = new RegExp(
  `^export var (?!${ERRORS_WITH_FIELDS.join('|')})\\w+\\$ = \\[-3, n0,[^;]*;\\nn0_registry\\.registerError\\(.*$`,
  'gm',
);

/**
 * The classes of the SDK's other errors. An error that is not registered is one of the service's base class, with the same name,
 * status and request id (@aws-sdk/core, ProtocolLib).
 */
const errorsByName: Plugin = {
  name: 'errors-by-name',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(otherErrors, ''),
    }));
  },
};

/** The package.json of the SDK's clients, of which they read the version. */
const versionOnly: Plugin = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The names of AWS regions for people, in the table that endpoints are found with. */
const regionsByCode: Plugin = {
  name: 'regions-by-code',
  setup({ onLoad }) {
    onLoad({ filter: /util-endpoints\/lib\/aws\/partitions\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^\s*"description": "[^"]*",?$/gm, ''),
    }));
  },
};

/** All of them. */
export const bundlePlugins = [replaceModules, errorsByName, versionOnly, regionsByCode, embedApp];
