// Where a program is that tests start.
import { join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** The path of a program in the project, as it is passed to Node: its source. */
export const findSource = (path: string): string => join(PROJECT, path);

/** The same in the bundle of the run (test/support/run/bundled-programs.ts), where there is one. */
export const findProgram = (path: string): string => {
  const folder = process.env.KEYHOLD_TEST_PROGRAMS;
  return folder ? join(folder, path.replace(/\.ts$/, '.mjs')) : findSource(path);
};
