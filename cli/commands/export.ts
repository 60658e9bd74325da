// `keyhold export`: everything of a user, secrets included, as lines that `keyhold import` reads.
import type { Worker } from '../../client/worker.ts';
import type { Command, Context } from '../command.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { commonOptions, readText, serviceOptions } from '../options.ts';
import { directOutput, type Output, openOutputFile } from '../output/output-file.ts';
import { startProgress } from '../output/progress.ts';
import { formatPairs } from '../output/table.ts';

const openOutput = ({ values, terminal }: Context): Output => {
  const path = readText(values, 'output');
  if (path !== undefined) return openOutputFile(path, values.overwrite === true);
  if (values['show-secret']) return directOutput(terminal.print);
  throw new UsageError('an export is full of secrets: give --output <path>, or --show-secret to print it');
};

interface Export {
  worker: Worker;
  userId: string;
  output: Output;
  onProgress(credentials: number): void;
}

const writeAll = async ({ worker, userId, output, onProgress }: Export) => {
  const counts = { credentials: 0, managed: 0 };
  for (let after: string | undefined; ; ) {
    const { format, credentials, managed, next } = await worker.exportUser(
      userId,
      after === undefined ? {} : { after },
    );
    output.write(JSON.stringify({ userId, format, document: { credentials, managed } }));
    counts.credentials += credentials.length;
    counts.managed += managed.length;
    onProgress(counts.credentials);
    if (next === null) return counts;
    after = next;
  }
};

const writeOrDiscard = async (exported: Export) => {
  const counts = await writeAll(exported).catch((error: unknown) => {
    exported.output.discard();
    throw error;
  });
  exported.output.finish();
  return counts;
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
    const worker = context.worker();
    const output = openOutput(context);
    const progress = startProgress({ write: terminal.note, isInteractive: terminal.isInteractive });
    const onProgress = (credentials: number) => progress.update(`${credentials} credentials`);
    const exported = { worker, userId: words[0] ?? '', output, onProgress };
    const counts = await writeOrDiscard(exported).finally(progress.end);
    if (!values['show-secret']) terminal.print(json ? JSON.stringify(counts) : formatPairs(Object.entries(counts)));
    return EXIT.ok;
  },
};
