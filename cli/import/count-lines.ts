// What an import would do, without a call: how many users and entries the file has, and which lines cannot be read.
import { type ImportFormat, MAX_LINE_BYTES, readDocument } from './import-line.ts';
import { readLines } from './read-lines.ts';

/** What a file holds. */
export interface Counted {
  users: number;
  credentials: number;
  /** The first lines that cannot be read, and why. */
  wrong: { line: number; error: string }[];
  wrongCount: number;
}

const MOST_SHOWN = 20;

const countCredentials = ({ credentials }: Record<string, unknown>): number =>
  Array.isArray(credentials) ? credentials.length : 0;

/** Reads the whole file. */
export const countLines = async (path: string, format: ImportFormat): Promise<Counted> => {
  const counted: Counted = { users: 0, credentials: 0, wrong: [], wrongCount: 0 };
  for await (const line of readLines(path, { offset: 0, lines: 0 }, MAX_LINE_BYTES)) {
    const document = readDocument(line, format);
    if (typeof document === 'string') {
      counted.wrongCount++;
      if (counted.wrong.length < MOST_SHOWN) counted.wrong.push({ line: line.number, error: document });
    } else if (document !== null) {
      counted.users++;
      counted.credentials += countCredentials(document.document);
    }
  }
  return counted;
};
