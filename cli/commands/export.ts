// `keyhold export`: everything of a user, secrets included, as lines that `keyhold import` reads.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Command, Context } from '../command.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { commonOptions, readText, serviceOptions } from '../options.ts';
import { startProgress } from '../output/progress.ts';
import { formatPairs } from '../output/table.ts';
import { exportPage } from '../service/routes.ts';

interface Output {
  write(line: string): void;
  close(): void;
}

const openFile = (path: string, overwrites: boolean): Output => {
  try {
    const file = openSync(path, overwrites ? 'w' : 'wx', 0o600);
    return { write: (line) => void writeSync(file, `${line}\n`), close: () => closeSync(file) };
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(exists ? `${path} exists: give --overwrite to replace it` : `${path} cannot be written`);
  }
};

const openOutput = ({ values, terminal }: Context): Output => {
  const path = readText(values, 'output');
  if (path !== undefined) return openFile(path, values.overwrite === true);
  if (values['show-secret']) return { write: terminal.print, close: () => {} };
  throw new UsageError('an export is full of secrets: give --output <path>, or --show-secret to print it');
};

/** The command. */
export const exportCommand: Command = {
  name: 'export',
  parameters: ['<user>'],
  summary: 'Export everything of a user, secrets and refresh tokens included.',
  details:
    'Each line is a part of the user that `keyhold import` takes. The file can be read by its owner only. Keep it as you keep the keys in it.',
  options: {
    output: { type: 'string', short: 'o', value: '<path>', help: 'The file to write.' },
    overwrite: { type: 'boolean', help: 'Replace the file if it exists.' },
    'show-secret': { type: 'boolean', help: 'Print the export instead.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: ['npx keyhold export alice --output alice.jsonl'],
  run: async (context) => {
    const { words, terminal, json, values } = context;
    const [userId = ''] = words;
    const transport = context.transport();
    const output = openOutput(context);
    const progress = startProgress({ write: terminal.note, isInteractive: terminal.isInteractive });
    const counts = { credentials: 0, managed: 0 };
    try {
      for (let after: string | undefined; ; ) {
        const { format, credentials, managed, next } = await exportPage(transport, userId, after);
        output.write(JSON.stringify({ userId, format, document: { credentials, managed } }));
        counts.credentials += credentials.length;
        counts.managed += managed.length;
        progress.update(`${counts.credentials} credentials`);
        if (next === null || next === undefined) break;
        after = next;
      }
    } finally {
      progress.end();
      output.close();
    }
    if (!values['show-secret']) terminal.print(json ? JSON.stringify(counts) : formatPairs(Object.entries(counts)));
    return EXIT.ok;
  },
};
