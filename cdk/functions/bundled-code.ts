// The code of a function as an asset of the stack: its bundle alone. The source map and the list of its inputs stay beside the
// assets, in `source-maps`: they are kept with the build and not deployed.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));
const BUNDLE_FUNCTION = fileURLToPath(new URL('./bundle-function.ts', import.meta.url));

const bundle = (name: string, folder: string): true => {
  const maps = join(dirname(folder), 'source-maps');
  execFileSync(process.execPath, [BUNDLE_FUNCTION, name, folder, maps], { stdio: ['ignore', 'inherit', 'inherit'] });
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
      local: { tryBundle: (folder) => bundle(name, folder) },
    },
  });
