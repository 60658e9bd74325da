// Bundles one function: `node cdk/functions/bundle-function.ts <name> <folder> [<folder for what is not deployed>]` writes `index.mjs`,
// `<name>.mjs.map` and what the bundle is made of, `<name>.inputs.json`. A program of its own, because CDK waits for the files and
// esbuild's plugins need an event loop.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleSettings } from './bundle-settings.ts';

const [name = '', folder = '.', mapFolder = folder] = process.argv.slice(2);
const { outputFiles, metafile } = await build(bundleSettings(name));
for (const each of [folder, mapFolder]) mkdirSync(each, { recursive: true });
for (const { path, contents } of outputFiles) {
  writeFileSync(path.endsWith('.map') ? join(mapFolder, `${name}.mjs.map`) : join(folder, 'index.mjs'), contents);
}
writeFileSync(join(mapFolder, `${name}.inputs.json`), JSON.stringify(metafile.outputs['index.mjs']));
