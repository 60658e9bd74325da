// Turns connections of Nango, one JSON object a line on the standard input, into lines for `keyhold import` on the standard output.
// What is not moved is named on the standard error. One line at a time, so a file of any length runs in the same memory.
import { createInterface } from 'node:readline';
import { convertNangoConnection } from '../cli/moving/nango.ts';

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

let [moved, refused, number] = [0, 0, 0];
for await (const line of createInterface({ input: process.stdin })) {
  number++;
  if (line.trim() === '') continue;
  const converted = convertNangoConnection(parse(line));
  if (converted.kind === 'line') {
    moved++;
    process.stdout.write(`${JSON.stringify(converted.line)}\n`);
  } else {
    refused++;
    process.stderr.write(`line ${number}: ${JSON.stringify(converted.connectionId)}: ${converted.reason}\n`);
  }
}
process.stderr.write(`${moved} connections written, ${refused} not\n`);
process.exitCode = refused === 0 ? 0 : 1;
