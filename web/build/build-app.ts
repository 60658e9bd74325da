// Builds the connect page's application with esbuild: its script and its style as text, minified. Nothing is written to a disk.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The application as text, for one document. */
export interface AppCode {
  script: string;
  style: string;
}

/** Browsers of the last three years; `color-mix`, `URL.parse` and `toSorted` are what takes the newest. */
const TARGET = ['chrome126', 'firefox126', 'safari18'];

/** A `</script` or `<!--` in a text of the script would end it. */
const assertEmbeddable = (script: string, style: string): void => {
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('the application cannot be embedded');
};

/** Builds it; some 50 ms. */
export const buildApp = async (): Promise<AppCode> => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: ['app/main.tsx', 'app/style.css'],
    outdir: 'out',
    bundle: true,
    format: 'iife',
    target: TARGET,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  const read = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  const code = { script: read('.js'), style: read('.css') };
  assertEmbeddable(code.script, code.style);
  return code;
};
