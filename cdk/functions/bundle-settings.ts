// How a function is bundled into one file. The AWS SDK is included: the used part starts faster than the copy in the runtime, and
// its version is the tested one.
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

const replacement = (name: string): string =>
  fileURLToPath(new URL(`../../lib/adapters/aws/${name}.ts`, import.meta.url));

/** Modules replaced in a bundle, and their replacements. */
export const bundleAliases = {
  '@aws-sdk/credential-provider-node': replacement('environment-credentials'),
  '@aws-sdk/middleware-endpoint-discovery': replacement('no-endpoint-discovery'),
  '@smithy/core/event-streams': replacement('no-event-streams'),
  '@middy/util': replacement('no-middy-util'),
};

/** The esbuild options of all functions. */
export const bundleSettings = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  bundleAwsSDK: true,
  esbuildArgs: Object.fromEntries(Object.entries(bundleAliases).map(([name, path]) => [`--alias:${name}`, path])),
  logLevel: LogLevel.WARNING,
} satisfies BundlingOptions;
