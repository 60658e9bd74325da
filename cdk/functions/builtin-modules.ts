// How a bundle gets Node's own modules: by `process.getBuiltinModule`. An import statement gives each of them a namespace, for which
// Node reads all of its exports; of `node:http` these are getters that load undici, which no function uses.
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const listNames = (name: string): string[] => {
  const names = Object.getOwnPropertyNames(process.getBuiltinModule(name) ?? {});
  return names.filter((each) => each !== 'default' && IDENTIFIER.test(each));
};

/** Its exports by name, each of which esbuild leaves out if nothing imports it. */
const writeExports = (name: string): string =>
  [
    `const builtin = process.getBuiltinModule(${JSON.stringify(name)});`,
    'const read = (name) => builtin[name];',
    'export default builtin;',
    ...listNames(name).map(
      (each) => `const $${each} = /* @__PURE__ */ read('${each}'); export { $${each} as ${each} };`,
    ),
  ].join('\n');

/** Modules that few calls need, of which only functions are imported. */
const LOADED_LATER = ['node:zlib'];

/** Its functions, which load it when they are called. */
const writeLater = (name: string): string =>
  [
    `const call = (name) => (...given) => process.getBuiltinModule(${JSON.stringify(name)})[name](...given);`,
    ...listNames(name).map(
      (each) => `const $${each} = /* @__PURE__ */ call('${each}'); export { $${each} as ${each} };`,
    ),
  ].join('\n');

/** Its exports read when they are used, as esbuild does with a CommonJS module. */
const writeWhole = (name: string): string => `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`;

/** The exports of `process` are not the same in each process, and a module imported when it is needed may be asked for any. */
const isWhole = ({ path, kind }: { path: string; kind: string }): boolean =>
  kind !== 'import-statement' || /^(?:node:)?process$/.test(path);

/** Replaces imports of Node's modules. */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?\w+(?:\/\w+)*$/ }, (imported) => {
      if (!isBuiltin(imported.path)) return undefined;
      return { path: imported.path, namespace: isWhole(imported) ? 'whole-builtin' : 'builtin', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: LOADED_LATER.includes(path) ? writeLater(path) : writeExports(path),
    }));
    onLoad({ filter: /.*/, namespace: 'whole-builtin' }, ({ path }) => ({ contents: writeWhole(path) }));
  },
};
