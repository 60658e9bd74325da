// Writes the figures and the units as Markdown tables, which a terminal shows as well.
import { type Figure, type Goal, meetsGoal, type Units } from '../measure/figure.ts';

const format = (value: number): string => {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const formatGoal = ({ max, min }: Goal = {}): string => {
  if (max !== undefined && max === min) return `= ${max}`;
  if (max !== undefined) return `≤ ${max}`;
  return min === undefined ? '' : `≥ ${min}`;
};

const formatVerdict = (figure: Figure): string => ({ true: 'met', false: 'missed', null: '' })[`${meetsGoal(figure)}`];

/** A Markdown table whose columns are aligned. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};

/** The figures: median of the rounds, with the smallest and the largest round. */
export const figureTable = (figures: readonly Figure[]): string =>
  markdownTable(
    ['figure', 'what it compares', 'median', 'rounds from – to', 'goal', ''],
    figures.map((figure) => [
      `\`${figure.name}\``,
      figure.compares,
      `${format(figure.value)} ${figure.unit}`,
      `${format(figure.low)} – ${format(figure.high)} (${figure.rounds})`,
      formatGoal(figure.goal),
      formatVerdict(figure),
    ]),
  );

/** The operations of the first size, in the order in which they were counted. */
export const listOperations = (units: readonly Units[]): string[] => [
  ...new Set(units.map(({ operation }) => operation)),
];

/** The sizes that were counted. */
export const listSizes = (units: readonly Units[]): number[] => [...new Set(units.map(({ size }) => size))];

/** Requests, read and write units and requests to KMS of each operation, by size. */
export const unitTable = (units: readonly Units[]): string =>
  markdownTable(
    ['operation', ...listSizes(units).map((size) => `at ${size}`)],
    listOperations(units).map((operation) => [
      operation,
      ...units
        .filter((row) => row.operation === operation)
        .map((row) => `${row.requests} / ${row.readUnits} / ${row.writeUnits} / ${row.kmsRequests}`),
    ]),
  );
