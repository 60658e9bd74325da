// No folder holds more files than a reader takes in at once.
import { globSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const MOST_FILES = 16;

/** One file per thing of a kind, so that the file's name finds it. */
const ONE_PER_THING = new Map([['lib/domain/ports', 'one file per port']]);

/** The folders with more files than allowed. */
const findFull = (paths: readonly string[], allowed: ReadonlyMap<string, string>): string[] => {
  const counts = Map.groupBy(paths, posix.dirname);
  return [...counts]
    .filter(([folder, { length }]) => length > MOST_FILES && !allowed.has(folder))
    .map(([name]) => name);
};

const files = globSync('{lib,functions,cdk,client,cli,local,scripts,stages,test,docs,web}/**/*.*', {
  exclude: ['**/node_modules'],
}).toSorted();

describe('the folders', () => {
  it('are searched', () => {
    expect(files.length).toBeGreaterThan(600);
  });

  it(`hold at most ${MOST_FILES} files each`, () => {
    expect(findFull(files, ONE_PER_THING)).toEqual([]);
  });

  it('are reported with one file more, unless they are listed', () => {
    const paths = Array.from({ length: MOST_FILES + 1 }, (_, i) => `a/b/${i}.ts`);
    expect(findFull(paths, new Map())).toEqual(['a/b']);
    expect(findFull(paths.slice(1), new Map())).toEqual([]);
    expect(findFull(paths, new Map([['a/b', 'one per thing']]))).toEqual([]);
  });
});
