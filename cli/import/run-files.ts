// The files of a run, and which of them it may write: never its input, and no file that it did not make itself.
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { UsageError } from '../exit-codes.ts';
import { readPart } from './read-part.ts';

/** The files of a run. */
export interface RunFiles {
  input: string;
  journal: string;
  report: string;
}

/** The files of an import of `input`. `report`: undefined for its usual place. */
export const nameFiles = (input: string, report: string | undefined): RunFiles => ({
  input,
  journal: `${input}.keyhold-journal`,
  report: report ?? usualReport(input),
});

const usualReport = (input: string): string => `${input}.keyhold-report`;

/** The same for all names of a file: symbolic and hard links too. Throws where there can be no such file. */
const identify = (path: string): string => {
  const entry = statSync(path, { throwIfNoEntry: false });
  return entry ? `${entry.dev}:${entry.ino}` : join(realpathSync(dirname(path)), basename(path));
};

/** Throws `UsageError` where two of the files are one, or the report cannot be a file. */
export const checkPaths = ({ input, journal, report }: RunFiles): void => {
  let names: string[];
  try {
    names = [input, journal, report].map(identify);
  } catch {
    throw new UsageError(`${report} cannot be written`);
  }
  if (new Set(names).size < names.length)
    throw new UsageError(`${input}, its journal and its report must be three files`);
};

/** A report that a run left: one in its usual place, or one without a line. A link or a device is none. */
const isEarlierReport = ({ input, report }: RunFiles): boolean => {
  const entry = lstatSync(report, { throwIfNoEntry: false });
  return entry?.isFile() === true && (report === usualReport(input) || entry.size === 0);
};

/**
 * Makes an empty report that its owner can read. Only the report in the usual place is replaced: its name says that a run made it.
 * Throws `UsageError` for any other file that exists and has content.
 */
const openReport = (files: RunFiles): void => {
  const { report } = files;
  try {
    closeSync(openSync(report, isEarlierReport(files) ? 'w' : 'wx', 0o600));
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(exists ? `${report} exists: remove it, or name another` : `${report} cannot be written`);
  }
};

/** What else makes a run the same one. */
export interface RunMode {
  /** The address of the service. */
  url: string;
  format: string;
  verify: boolean;
}

/**
 * Names the input, the report and the mode: a journal of another run says nothing here. One without checks would let a run with them
 * end well, though the lines before were not checked.
 */
export const describeRun = ({ input, report }: RunFiles, { url, format, verify }: RunMode): string =>
  createHash('sha256')
    .update(readPart(input, 0))
    .update(JSON.stringify([statSync(input).size, relative(dirname(input), report), url, format, verify]))
    .digest('hex');

/** Begins a run: an empty report, and a journal that has nothing yet. Throws `UsageError` for a report that exists. */
export const startFiles = (files: RunFiles, run: string): void => {
  openReport(files);
  writeFileSync(files.journal, `${run}\n`, { mode: 0o600 });
};
