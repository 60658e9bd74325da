// How a function becomes one file. The AWS SDK goes into the bundle: the part that is used starts faster than the
// runtime's copy, and the version is the one that was tested.
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** Module by module, what stands in its place in a bundle. */
export const bundleAliases = {
  '@aws-sdk/credential-provider-node': fileURLToPath(
    new URL('../../lib/adapters/aws/environment-credentials.ts', import.meta.url),
  ),
};

export const bundleSettings = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  bundleAwsSDK: true,
  esbuildArgs: Object.fromEntries(Object.entries(bundleAliases).map(([name, path]) => [`--alias:${name}`, path])),
  logLevel: LogLevel.WARNING,
} satisfies BundlingOptions;
