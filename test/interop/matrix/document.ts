// Writes the matrix as docs/interoperability.md, and as a table for a terminal.
import { textTable } from '../../../scripts/text-table.ts';
import { CELLS, describeOutcome, MEANINGS, type Row } from './cells.ts';

const markdownRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [markdownRow(head), markdownRow(head.map(() => '---')), ...rows.map(markdownRow)].join('\n');

/** A row's cells as text; a text that may have come from a server is kept to one line. */
const rowCells = ({ name, version, cells }: Row): string[] => [
  version === null ? name : `${name} ${version}`,
  ...CELLS.map((cell) => describeOutcome(cells[cell]).replaceAll(/\s+/g, ' ').slice(0, 200)),
];

/** The matrix for a terminal: one line per cell. */
export const matrixText = (rows: readonly Row[]): string =>
  textTable(
    ['server', 'cell', 'outcome'],
    rows.flatMap((row) => {
      const [server = '', ...outcomes] = rowCells(row);
      return CELLS.map((cell, index) => [index === 0 ? server : '', cell, outcomes[index] ?? '']);
    }),
  );

/** The whole document. */
export const matrixDocument = (rows: readonly Row[]): string =>
  `# Interoperability

Authorization servers written elsewhere, and what Keyhold does with each. \`npm run interoperability\` plays every cell against
the real server on loopback and writes this page; a cell passes, fails with a reason, or says what the server lacks. The versions
are those of \`test/interop/peers/package-lock.json\`, and of Debian's packages for glewlwyd.

In \`registration\`, \`document\` and \`resource\` the server is found as an MCP client finds it: a small MCP server names it, and Keyhold
is given that server's URL alone. Everywhere else the operator has an entry for it in \`oauth-clients\`.

${markdownTable(['server', ...CELLS], rows.map(rowCells))}

## What is played

${markdownTable(
  ['cell', 'what is played'],
  CELLS.map((cell) => [cell, MEANINGS[cell]]),
)}
`;
