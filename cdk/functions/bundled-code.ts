// The code of a function as an asset of the stack: its bundle alone. The source map and the list of its inputs stay beside the
// assets, in `source-maps`: they are kept with the build and not deployed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));
const BUNDLE_FUNCTIONS = fileURLToPath(new URL('./bundle-functions.ts', import.meta.url));

/** Bundles all functions at once: what they share is read once, which takes a quarter of the time. */
const bundleAll = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [BUNDLE_FUNCTIONS, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
};

let bundles: string | undefined;

const copyBundle = (name: string, folder: string): true => {
  bundles ??= bundleAll();
  cpSync(join(bundles, name), folder, { recursive: true });
  for (const file of [`${name}.mjs.map`, `${name}.inputs.json`])
    cpSync(join(bundles, 'source-maps', file), join(dirname(folder), 'source-maps', file));
  return true;
};

/** The bundle of `functions/<name>.ts`, made when the stack needs it. */
export const bundledCode = (name: string): Code =>
  Code.fromAsset(FUNCTIONS, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: a local bundle always succeeds or throws.
      image: DockerImage.fromRegistry('unused'),
      // CDK bundles once for equal options: the name tells the functions apart.
      command: [name],
      local: { tryBundle: (folder) => copyBundle(name, folder) },
    },
  });
