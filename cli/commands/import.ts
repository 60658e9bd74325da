// `keyhold import`: documents of many users from a file of lines, or one user's document.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { Command, Context } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { countLines } from '../import/count-lines.ts';
import { type ImportFormat, type ImportSettings, importText, type LineResult } from '../import/import-line.ts';
import { type Position, resumePosition, startPosition, type Totals } from '../import/journal.ts';
import { checkPaths, describeRun, nameFiles, type RunFiles, startFiles } from '../import/run-files.ts';
import { runImport } from '../import/run-import.ts';
import { commonOptions, readNumber, readText, serviceOptions } from '../options.ts';
import { startProgress } from '../output/progress.ts';
import { formatPairs, formatTable } from '../output/table.ts';

const MAX_CONCURRENCY = 32;
const DEFAULT_CONCURRENCY = 4;

const readFormat = ({ values }: Context): ImportFormat => {
  const format = readText(values, 'format') ?? 'keyhold';
  if (format === 'keyhold' || format === 'autogpt') return format;
  throw new UsageError('--format must be autogpt or keyhold');
};

const isAllWell = ({ skipped, failed, invalid, unknown }: Totals): boolean =>
  skipped + failed + invalid + unknown === 0;

const dryRun = async ({ json, terminal }: Context, file: string, format: ImportFormat): Promise<ExitCode> => {
  const { users, credentials, wrong, wrongCount } = await countLines(file, format);
  if (json) terminal.print(JSON.stringify({ users, credentials, wrong, wrongCount }, null, 2));
  else {
    terminal.print(
      formatPairs([
        ['users', users],
        ['credentials', credentials],
        ['lines that cannot be read', wrongCount],
      ]),
    );
    if (wrong.length > 0)
      terminal.print(
        formatTable(
          ['line', 'what is wrong'],
          wrong.map(({ line, error }) => [line, error]),
        ),
      );
  }
  return wrongCount === 0 ? EXIT.ok : EXIT.foundWrong;
};

const isWellDone = (result: LineResult): boolean =>
  result.kind === 'done' &&
  result.skipped.every(({ reason }) => reason === 'exists') &&
  result.checks.invalid.length + result.checks.unknown.length === 0;

const importOne = async (context: Context, file: string, settings: ImportSettings): Promise<ExitCode> => {
  const { values, terminal } = context;
  const result = await importText(readText(values, 'user') ?? '', await readFile(file, 'utf8'), settings);
  terminal.print(JSON.stringify(result, null, 2));
  return isWellDone(result) ? EXIT.ok : EXIT.foundWrong;
};

const openRun = (files: RunFiles, run: string, restarts: boolean): Position => {
  checkPaths(files);
  const position = restarts ? startPosition() : resumePosition(files, run);
  if (position.lines === 0) startFiles(files, run);
  return position;
};

const describeTotals = (totals: Totals, verify: boolean): (readonly [string, number])[] => [
  ['users', totals.users],
  ['imported', totals.imported],
  ['there before', totals.existing],
  ['skipped', totals.skipped],
  ['failed lines', totals.failed],
  ...(verify
    ? ([
        ['valid', totals.valid],
        ['invalid', totals.invalid],
        ['not certain', totals.unknown],
      ] as const)
    : []),
];

const importAll = async (context: Context, file: string, settings: ImportSettings): Promise<ExitCode> => {
  const { values, terminal, json } = context;
  const files = nameFiles(file, readText(values, 'report'));
  const run = describeRun(files, { ...settings, url: context.url() });
  const from = openRun(files, run, values.restart === true);
  if (from.lines > 0) terminal.note(`going on after line ${from.lines}\n`);
  const progress = startProgress({ write: terminal.note, isInteractive: terminal.isInteractive });
  const concurrency = readNumber(values, 'concurrency', [1, MAX_CONCURRENCY]) ?? DEFAULT_CONCURRENCY;
  const onProgress = ({ totals }: Position) =>
    progress.update(`${totals.users} users, ${totals.imported} credentials imported`);
  const { totals } = await runImport({ files, settings, concurrency, from, onProgress }).finally(progress.end);
  await rm(files.journal);
  terminal.print(json ? JSON.stringify(totals, null, 2) : formatPairs(describeTotals(totals, settings.verify)));
  if (!isAllWell(totals)) terminal.note(`what to look at is in ${files.report}\n`);
  else await rm(files.report, { force: true });
  return isAllWell(totals) ? EXIT.ok : EXIT.foundWrong;
};

/** The command. */
export const importCommand: Command = {
  name: 'import',
  parameters: ['<file>'],
  summary: 'Import the credentials of users from a file.',
  details:
    'The file has one JSON object a line: {"userId": "alice", "format": "autogpt", "document": {…}}. With --user it is one document. ' +
    'Credentials that exist are left as they are, so an import can be repeated.\n\n' +
    'A run that was stopped goes on where it was when the same command is given again: <file>.keyhold-journal remembers. Lines that were not ' +
    'taken are listed in <file>.keyhold-report, by user and id, without secrets.',
  options: {
    format: {
      type: 'string',
      value: '<name>',
      help: 'The format of documents that name none: autogpt or keyhold. Default: keyhold.',
    },
    user: { type: 'string', value: '<user>', help: 'The file is one document of this user.' },
    verify: { type: 'boolean', help: 'Ask the provider about each credential that is stored now.' },
    'dry-run': { type: 'boolean', help: 'Read the file and call nothing.' },
    concurrency: { type: 'string', value: '<n>', help: 'How many users at a time, 1 to 32. Default: 4.' },
    report: { type: 'string', value: '<path>', help: 'Where to write the report.' },
    restart: { type: 'boolean', help: 'Forget an earlier run and begin again.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: [
    'npx keyhold import users.jsonl --dry-run',
    'npx keyhold import users.jsonl --format autogpt',
    'npx keyhold import alice.json --user alice --verify',
  ],
  run: async (context) => {
    const [file = ''] = context.words;
    if (!existsSync(file)) throw new UsageError('there is no such file');
    const format = readFormat(context);
    const isOne = readText(context.values, 'user') !== undefined;
    if (context.values['dry-run'] && !isOne) return dryRun(context, file, format);
    if (context.values['dry-run']) throw new UsageError('--dry-run reads a file of lines');
    const settings = { worker: context.worker(), format, verify: context.values.verify === true };
    return isOne ? importOne(context, file, settings) : importAll(context, file, settings);
  },
};
