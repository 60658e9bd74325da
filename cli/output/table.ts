// Tables for people: columns as wide as their widest cell.
import { plainText } from './plain-text.ts';

/** A value of a row; null and undefined are shown as a dash. */
type Cell = string | number | boolean | null | undefined;

const show = (cell: Cell): string =>
  cell === null || cell === undefined || cell === '' ? '-' : plainText(String(cell));

/** The table as text with a head, without an end of line. */
export const formatTable = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const lines = [head.map((name) => name.toUpperCase()), ...rows.map((row) => row.map(show))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)));
  const pad = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
};

/** Names and values, one pair a line. */
export const formatPairs = (pairs: readonly (readonly [string, Cell])[]): string => {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${show(value)}`).join('\n');
};
