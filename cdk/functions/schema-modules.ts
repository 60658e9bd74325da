// What the bundles need of the project's schemas and routes: which requests there are, and what they accept. Texts (`.meta(…)`),
// answers and errors are for the OpenAPI document and capabilities for the stack, which no function makes; zod copies a schema for
// each text. A schema is made without effect on anything else, and marked so: one that a function does not use is left out.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/** Quoted text, and comments. */
const TEXT = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\//y;

/** Where the template that opens at `from` has closed. */
const findTemplateEnd = (source: string, from: number): number => {
  let at = from + 1;
  while (at < source.length && source.charAt(at) !== '`') {
    if (source.startsWith('${', at)) at = findEnd(source, at + 1);
    else at += source.charAt(at) === '\\' ? 2 : 1;
  }
  return at + 1;
};

/** The end of the text or comment that begins at `at`; `at` itself if none does. Throws at what it cannot tell. */
const skipText = (source: string, at: number): number => {
  TEXT.lastIndex = at;
  if (TEXT.test(source)) return TEXT.lastIndex;
  const char = source.charAt(at);
  if (char === '`') return findTemplateEnd(source, at);
  // A regular expression or a division.
  if (char === '/') throw new Error(`cannot be read: ${source.slice(at, at + 40)}`);
  return at;
};

/** Where the bracket that opens at `from` has closed. */
const findEnd = (source: string, from: number): number => {
  const open: string[] = [];
  let at = from;
  while (at < source.length) {
    const end = skipText(source, at);
    const char = end > at ? '' : source.charAt(at);
    at = Math.max(end, at + 1);
    if (char in CLOSING) open.push(CLOSING[char] ?? '');
    else if (char !== '' && char === open.at(-1)) open.pop();
    if (open.length === 0) return at;
  }
  throw new Error('a bracket does not close');
};

/** Where the value of a property has ended, with the comma behind it. */
const findValueEnd = (source: string, from: number): number => {
  let at = from;
  while (at < source.length && !/[,}]/.test(source.charAt(at))) {
    at = source.charAt(at) in CLOSING ? findEnd(source, at) : Math.max(skipText(source, at), at + 1);
  }
  return source.charAt(at) === ',' ? at + 1 : at;
};

/** Its lines without their text, so that a source map still names the right ones. */
const blank = (text: string): string => text.replace(/[^\n]/g, '');

/** Removes each piece that begins with `start`; `end` finds its end from the end of `start`. */
const remove = (source: string, start: RegExp, end: (source: string, from: number) => number): string => {
  let [kept, at] = ['', 0];
  for (const found of source.matchAll(start)) {
    const until = end(source, found.index + found[0].length);
    kept += source.slice(at, found.index) + blank(source.slice(found.index, until));
    at = until;
  }
  return kept + source.slice(at);
};

/** Where a schema is made, or one is made from another; the names are those of zod alone. */
const SCHEMA =
  /(?<![\w$.])(?:z\s*\.\s*[a-z]\w*\s*[.(]|\w+\s*\.(?:optional|nullable|extend|partial|omit|pick|refine)\()/g;

/** The module without texts, and with each schema marked as free of effects. */
export const stripSchemas = (source: string): string =>
  remove(source, /\s*\.meta(?=\()/g, findEnd).replace(SCHEMA, '/* @__PURE__ */ $&');

/** What a route and a plane say for the document and for the stack: answers, errors and capabilities. */
const DESCRIBED =
  /(?<=\s)(?:answers|errors|capabilities|\w+Errors|\w+Capabilities|credential(?=: [A-Z]\w+,)): (?!readonly )/g;

/** The routes without it. */
export const stripRoutes = (source: string): string => remove(source, DESCRIBED, findValueEnd);

/** Both, in the modules of the project that import zod and in those of routes. */
export const schemaModules: Plugin = {
  name: 'schema-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\/lib\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const isRoutes = /\/lib\/http\/routes\/(?:(?:public\/)?[^/]*-routes|planes)\.ts$/.test(path);
      if (!isRoutes && !/^import \* as z from 'zod';$/m.test(source)) return undefined;
      return { contents: stripSchemas(isRoutes ? stripRoutes(source) : source), loader: 'ts' };
    });
  },
};
