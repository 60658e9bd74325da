// The command `keyhold` in a terminal.
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './command.ts';
import { run } from './run.ts';

const terminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(text),
  isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
};

process.exitCode = await run(process.argv.slice(2), { terminal, env: process.env });
