// Every file says what it is for, and every export says what it does. TypeScript 7 has no stable parser API, so this reads lines: the
// formatter puts each exported statement at the start of one, and its docstring directly above.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const EXPORT =
  /^export (?:default |declare |async |abstract )*(?:const|let|function\*?|class|interface|type|enum) (\w+)/;
/** The type of a schema: it has the schema's name, and the schema has the docstring. */
const TYPE_OF_SCHEMA = /^export type (\w+) = z\.(?:infer|input|output)<typeof \1>;$/;

/** The first line of a file says what it is for. */
const OPENING = /^(?:#!.*\n)?\/\/ \S/;

/** Whether the lines above `index` end with a docstring that has words. */
const hasDocstring = (lines: readonly string[], index: number): boolean => {
  if (!lines[index - 1]?.endsWith('*/')) return false;
  const start = lines.slice(0, index).findLastIndex((line) => line.startsWith('/**'));
  return start >= 0 && /\w{2}/.test(lines.slice(start, index).join(' '));
};

/** The names of the exports of a source text that have no docstring. */
const findUndocumented = (text: string): string[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined || TYPE_OF_SCHEMA.test(line) || hasDocstring(lines, index)) return [];
    return [name];
  });
};

const files = globSync('{lib,functions,cdk,client,cli,local,scripts,web}/**/*.{ts,tsx}').toSorted();
const sources = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('the search for exports without a docstring', () => {
  it.each([
    'export const a = 1;',
    'export async function a() {}',
    'export interface a {',
    'export type a = string;',
    'export abstract class a {',
    '// no docstring\nexport const a = 1;',
    '/* no docstring */\nexport const a = 1;',
    '/** */\nexport const a = 1;',
    '/** Of another statement. */\n\nexport const a = 1;',
    '/** Of the schema. */\nexport const S = z.string();\nexport type a = z.infer<typeof S>;',
  ])('finds %j', (text) => {
    expect(findUndocumented(text)).toEqual(['a']);
  });

  it.each([
    '/** Says it. */\nexport const a = 1;',
    '/**\n * Says it.\n */\nexport function a() {}',
    '/** Says it. */\nexport const a = z.string();\nexport type a = z.infer<typeof a>;',
    'const a = 1;',
  ])('accepts %j', (text) => {
    expect(findUndocumented(text)).toEqual([]);
  });
});

describe('the source files', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(250);
  });

  it('begin with a comment', () => {
    expect(sources.filter(({ text }) => !OPENING.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('have a docstring for every export', () => {
    const found = sources.flatMap(({ file, text }) => findUndocumented(text).map((name) => `${file}: ${name}`));
    expect(found).toEqual([]);
  });
});

describe('the test files', () => {
  const tests = globSync('{test,stages}/**/*.ts', { exclude: ['**/node_modules'] }).toSorted();

  it('are found', () => {
    expect(tests.length).toBeGreaterThan(300);
  });

  it('begin with a comment', () => {
    expect(tests.filter((file) => !OPENING.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
