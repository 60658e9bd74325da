// How far an import is, in a file beside its input, so that a run that was stopped goes on. A record is written when every line up to
// it is done. The last whole record counts: a kill in the middle of a write costs the lines after it, which the service
// recognises when they come again.
import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { UsageError } from '../exit-codes.ts';
import { PART_BYTES, readPart } from './read-part.ts';
import type { RunFiles } from './run-files.ts';

/** What the entries of all lines came to. */
export interface Totals {
  users: number;
  imported: number;
  /** Entries that were there before. */
  existing: number;
  /** Entries that were not taken for another reason. */
  skipped: number;
  /** Lines that the service or this command refused. */
  failed: number;
  /** Credentials that the provider took, refused, or about which it said neither; with --verify only. */
  valid: number;
  invalid: number;
  unknown: number;
}

/** How far an import is. */
export interface Position {
  lines: number;
  offset: number;
  /** The length of the report that belongs to it, in bytes. */
  reportBytes: number;
  totals: Totals;
}

/** Nothing done yet. */
export const startPosition = (): Position => ({
  lines: 0,
  offset: 0,
  reportBytes: 0,
  totals: { users: 0, imported: 0, existing: 0, skipped: 0, failed: 0, valid: 0, invalid: 0, unknown: 0 },
});

const parseRecord = (line: string): Position | null => {
  try {
    const record = JSON.parse(line) as Position;
    return typeof record.offset === 'number' ? record : null;
  } catch {
    return null;
  }
};

/** Where an earlier run of the same import stopped; the start if there was none. Throws `UsageError` for the journal of another run. */
export const resumePosition = ({ journal, report }: RunFiles, run: string): Position => {
  if (!existsSync(journal)) return startPosition();
  if (!readPart(journal, 0).toString('utf8').startsWith(`${run}\n`)) {
    throw new UsageError(`${journal} belongs to another import: remove it, or give --restart`);
  }
  const records = readPart(journal, Math.max(0, statSync(journal).size - PART_BYTES))
    .toString('utf8')
    .split('\n');
  const last = records.map(parseRecord).findLast((record) => record !== null) ?? startPosition();
  if (existsSync(report)) truncateSync(report, last.reportBytes);
  return last;
};

/** Adds a record. It begins with the end of a line, in case the one before was cut off. */
export const writeRecord = (journal: string, position: Position): void => {
  appendFileSync(journal, `\n${JSON.stringify(position)}\n`);
};
