// How a function becomes one file. The AWS SDK goes into the bundle: the part that is used starts faster than the
// runtime's copy, and the version is the one that was tested.
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

export const bundleSettings = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  bundleAwsSDK: true,
  logLevel: LogLevel.WARNING,
} satisfies BundlingOptions;
