// What the bundles need of zod: its classes have methods for every kind of schema, each of which keeps the code of that kind and takes
// time at a cold start. Left out are those that the project does not call. A schema that called one would stop its function at
// the start, which test/infra/bundle.test.ts would show.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const UNUSED_METHODS = [
  // Formats of texts; the functions of the same names, such as z.url(), stay.
  ...['email', 'url', 'jwt', 'emoji', 'guid', 'uuid', 'uuidv4', 'uuidv6', 'uuidv7', 'nanoid', 'cuid', 'cuid2', 'ulid'],
  ...['base64', 'base64url', 'xid', 'ksuid', 'ipv4', 'ipv6', 'cidrv4', 'cidrv6', 'e164'],
  ...['datetime', 'date', 'time', 'duration', 'lowercase', 'uppercase', 'normalize', 'slugify'],
  // Schemas made from others.
  ...['exactOptional', 'nonoptional', 'prefault', 'readonly', 'and', 'or', 'keyof', 'passthrough', 'loose', 'strict'],
  ...['strip', 'safeExtend', 'merge', 'exactPartial', 'required', 'with', 'brand', 'apply', 'isOptional', 'isNullable'],
  // Other directions, and texts.
  ...['parseAsync', 'safeParseAsync', 'validate', 'validateAsync', 'encode', 'decode', 'encodeAsync', 'decodeAsync'],
  ...['safeEncode', 'safeDecode', 'safeEncodeAsync', 'safeDecodeAsync', 'toJSONSchema', 'register', 'describe', 'meta'],
];

/** A method in the table of a class: `name(…) {` or `name: function …(…) {`, to the line that closes it. */
const unusedMethods = new RegExp(
  `^ {4}(?:async )?(?:${UNUSED_METHODS.join('|')})(?:\\(|: (?:async )?function ).*\\{\\n(?: {8}.*\\n)*? {4}\\},?\\n`,
  'gm',
);

/** The writer of JSON schemas, told by each schema. */
const jsonSchemaHooks = /^ {4}inst\._zod\.processJSONSchema = .*;\n/gm;

/** What keeps schemas that contain themselves from not ending; there are none. Each schema of objects registers with it. */
const memoizer = /^ {4}if \(!core\.globalConfig\.memoizer\)\n.*\n/m;

/** Imported by way of the index, esbuild keeps all of these helpers. */
const allHelpers = 'import { util } from "../core/index.js";';

/** Throws where a newer zod has no such text, so that nothing stays in the bundles unseen. */
const replaceText = (source: string, text: string | RegExp, put: string): string => {
  const replaced = source.replace(text, put);
  if (replaced === source) throw new Error(`zod does not contain ${text}`);
  return replaced;
};

/** zod's module of classes, without what is not used. */
export const stripZod = (source: string): string => {
  const kept = [unusedMethods, jsonSchemaHooks, memoizer].reduce((left, part) => replaceText(left, part, ''), source);
  return replaceText(kept, allHelpers, 'import * as util from "../core/util.js";').replaceAll('core.util.', 'util.');
};

/** The forms of an error for people; the project reads its issues. */
const errorForms = /^ {4}_lazyMethod\(proto, "(?:format|flatten)".*;\n/gm;

/** zod's module of errors, without what is not used. */
export const stripErrors = (source: string): string => replaceText(source, errorForms, '');

/** How often a schema of objects parses before zod compiles it: never at a cold start, and soon for the rows of a list. */
const PARSES_BEFORE_COMPILING = 50;

/** zod's module of parsers, which compiles an object's at its first use. */
export const compileLater = (source: string): string => {
  const counting = replaceText(source, '    let fastpass;', '    let fastpass, parses = 0;');
  const uses = 'if (jit && fastEnabled && ';
  return replaceText(counting, uses, `${uses}++parses > ${PARSES_BEFORE_COMPILING} && `);
};

/** All of them. */
export const zodModule: Plugin = {
  name: 'zod-module',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/classic\/schemas\.js$/ }, async ({ path }) => ({
      contents: stripZod(await readFile(path, 'utf8')),
    }));
    onLoad({ filter: /zod\/v4\/classic\/errors\.js$/ }, async ({ path }) => ({
      contents: stripErrors(await readFile(path, 'utf8')),
    }));
    onLoad({ filter: /zod\/v4\/core\/schemas\.js$/ }, async ({ path }) => ({
      contents: compileLater(await readFile(path, 'utf8')),
    }));
  },
};
