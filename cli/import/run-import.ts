// An import of a file of lines: several users at a time, results in the order of the file. Memory holds as many lines as are under way.
import { appendFileSync } from 'node:fs';
import { type ImportSettings, importLine, type LineResult, MAX_LINE_BYTES } from './import-line.ts';
import { type Position, type Totals, writeRecord } from './journal.ts';
import { type Line, readLines } from './read-lines.ts';
import type { RunFiles } from './run-files.ts';

/** One import. */
export interface ImportRun {
  files: RunFiles;
  settings: ImportSettings;
  /** How many users at a time. */
  concurrency: number;
  from: Position;
  onProgress(position: Position): void;
}

const addResult = (totals: Totals, result: LineResult): Totals => {
  if (result.kind === 'empty') return totals;
  if (result.kind === 'failed') return { ...totals, users: totals.users + 1, failed: totals.failed + 1 };
  const existing = result.skipped.filter(({ reason }) => reason === 'exists').length;
  return {
    users: totals.users + 1,
    imported: totals.imported + result.imported.length,
    existing: totals.existing + existing,
    skipped: totals.skipped + result.skipped.length - existing,
    failed: totals.failed,
    valid: totals.valid + result.checks.valid,
    invalid: totals.invalid + result.checks.invalid.length,
    unknown: totals.unknown + result.checks.unknown.length,
  };
};

/** The line of the report: only what someone has to look at. */
const reportText = (line: Line, result: LineResult): string => {
  if (result.kind === 'empty') return '';
  if (result.kind === 'failed') {
    return `${JSON.stringify({ line: line.number, userId: result.userId, error: result.error })}\n`;
  }
  const { userId, skipped, checks } = result;
  const notable = skipped.filter(({ reason }) => reason !== 'exists');
  const hasFailedChecks = checks.invalid.length + checks.unknown.length > 0;
  if (notable.length === 0 && !hasFailedChecks) return '';
  return `${JSON.stringify({ line: line.number, userId, skipped: notable, ...(hasFailedChecks && { checks }) })}\n`;
};

/** Writes report and journal of a finished line. */
const finishLine = (
  { files }: ImportRun,
  before: Position,
  { line, result }: { line: Line; result: LineResult },
): Position => {
  const text = reportText(line, result);
  if (text !== '') appendFileSync(files.report, text);
  const position = {
    lines: line.number,
    offset: line.end,
    reportBytes: before.reportBytes + Buffer.byteLength(text),
    totals: addResult(before.totals, result),
  };
  writeRecord(files.journal, position);
  return position;
};

type Ended = { kind: 'ended'; line: Line; result: LineResult } | { kind: 'thrown'; error: unknown };

const begin = (line: Line, settings: ImportSettings): Promise<Ended> =>
  importLine(line, settings).then(
    (result): Ended => ({ kind: 'ended', line, result }),
    (error: unknown): Ended => ({ kind: 'thrown', error }),
  );

/** Imports to the end of the file. Throws the first fault; everything before it is in the journal. */
export const runImport = async (run: ImportRun): Promise<Position> => {
  const { files, settings, concurrency, from } = run;
  const underWay: Promise<Ended>[] = [];
  let position = from;
  const finishFirst = async () => {
    const ended = await underWay.shift();
    if (ended === undefined) return;
    if (ended.kind === 'thrown') {
      await Promise.all(underWay);
      throw ended.error;
    }
    position = finishLine(run, position, ended);
    run.onProgress(position);
  };
  for await (const line of readLines(files.input, from, MAX_LINE_BYTES)) {
    underWay.push(begin(line, settings));
    if (underWay.length >= concurrency) await finishFirst();
  }
  while (underWay.length > 0) await finishFirst();
  return position;
};
