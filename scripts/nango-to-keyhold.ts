// Turns connections of Nango, one JSON object a line on the standard input, into lines for `keyhold import` on the standard output.
// What is not moved is named on the standard error. One line at a time, so a file of any length runs in the same memory.
import { once } from 'node:events';
import { splitLines } from '../cli/import/read-lines.ts';
import { convertNangoConnection } from '../cli/moving/nango.ts';

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

let [moved, refused] = [0, 0];
for await (const { number, text } of splitLines(process.stdin, { offset: 0, lines: 0 }, Number.POSITIVE_INFINITY)) {
  if (text === null || text.trim() === '') continue;
  const converted = convertNangoConnection(parse(text));
  if (converted.kind === 'line') {
    moved++;
    if (!process.stdout.write(`${JSON.stringify(converted.line)}\n`)) await once(process.stdout, 'drain');
  } else {
    refused++;
    process.stderr.write(`line ${number}: ${JSON.stringify(converted.connectionId)}: ${converted.reason}\n`);
  }
}
process.stderr.write(`${moved} connections written, ${refused} not\n`);
process.exitCode = refused === 0 ? 0 : 1;
