// Bundles functions: `node cdk/functions/bundle-functions.ts <folder> [<name>...]`, without names all of them. For each it writes
// `<name>/index.mjs`, and what is not deployed: `source-maps/<name>.mjs.map` and what the bundle is made of, `source-maps/<name>.inputs.json`.
// A program of its own, because CDK waits for the files and esbuild's plugins need an event loop.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleSettings } from './bundle-settings.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));

const listFunctions = (): string[] =>
  readdirSync(FUNCTIONS)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));

const [folder = '.', ...named] = process.argv.slice(2);
const names = named.length > 0 ? named : listFunctions();
const { outputFiles, metafile } = await build(bundleSettings(...names));
const outputs = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));

/** An empty file would be deployed without a word. */
const readOutput = (file: string): Uint8Array => {
  const contents = outputs.get(file);
  if (contents === undefined) throw new Error(`the build made no ${file}`);
  return contents;
};

const maps = join(folder, 'source-maps');
mkdirSync(maps, { recursive: true });
for (const name of names) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'index.mjs'), readOutput(`${name}.mjs`));
  writeFileSync(join(maps, `${name}.mjs.map`), readOutput(`${name}.mjs.map`));
  writeFileSync(join(maps, `${name}.inputs.json`), JSON.stringify(metafile.outputs[`${name}.mjs`]));
}
