// Puts the connect page's application into the bundle of its function as text, in place of the module that builds it.
import type { Plugin } from 'esbuild';
import { buildApp } from '../../web/build/build-app.ts';

/** The esbuild plugin. */
export const embedApp: Plugin = {
  name: 'embed-app',
  setup({ onLoad }) {
    onLoad({ filter: /\/web\/build\/app-code\.ts$/ }, async () => ({
      contents: `export const appCode = ${JSON.stringify(await buildApp())};`,
      loader: 'js',
    }));
  },
};
