// Draws the capacity units of reading and changing one credential over the number of credentials, ours beside the original's way, both
// axes logarithmic. Units are the same on any machine, so the drawing changes only with the code.
import type { Units } from '../measure/figure.ts';
import { listSizes } from './figure-table.ts';

const [WIDTH, HEIGHT, GAP] = [340, 240, 56];
const MOST_UNITS = 1_000;

interface Line {
  label: string;
  color: string;
  values: number[];
}

interface Panel {
  title: string;
  lines: Line[];
}

const OURS = '#0b6e4f';
const ORIGINAL = '#b5442d';

const readValues = (units: readonly Units[], operation: string, kind: 'readUnits' | 'writeUnits'): number[] =>
  units.filter((row) => row.operation === operation).map((row) => row[kind]);

const makePanels = (units: readonly Units[]): Panel[] => [
  {
    title: 'Read units to get one credential',
    lines: [
      { label: 'resolve by provider', color: OURS, values: readValues(units, 'resolve by provider', 'readUnits') },
      { label: "original's way", color: ORIGINAL, values: readValues(units, 'original get', 'readUnits') },
    ],
  },
  {
    title: 'Write units to add one credential',
    lines: [
      { label: 'add', color: OURS, values: readValues(units, 'add', 'writeUnits') },
      { label: "original's way", color: ORIGINAL, values: readValues(units, 'original add', 'writeUnits') },
    ],
  },
];

const share = (value: number, most: number): number => Math.log10(Math.max(1, value)) / Math.log10(most);

const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" ${more}>${content}</text>`;

const drawLine = ({ label, color, values }: Line, sizes: readonly number[]): string => {
  const most = sizes.at(-1) ?? 1;
  const points = values.map((value, index) => ({
    x: share(sizes[index] ?? 1, most) * WIDTH,
    y: HEIGHT - share(value, MOST_UNITS) * HEIGHT,
  }));
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const last = points.at(-1) ?? { x: 0, y: 0 };
  const dots = points.map(({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${color}"/>`);
  const name = text(last.x - 6, last.y - 9, `${label}: ${values.at(-1)}`, `text-anchor="end" fill="${color}"`);
  return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}${name}`;
};

const drawPanel = ({ title, lines }: Panel, sizes: readonly number[], index: number): string => {
  const most = sizes.at(-1) ?? 1;
  const rows = [1, 10, 100, MOST_UNITS].map((value) => {
    const y = HEIGHT - share(value, MOST_UNITS) * HEIGHT;
    const rule = `<line x1="0" x2="${WIDTH}" y1="${y}" y2="${y}" stroke="#ddd"/>`;
    return rule + text(-6, y + 4, String(value), 'text-anchor="end"');
  });
  const columns = sizes.map((size) =>
    text(share(size, most) * WIDTH, HEIGHT + 18, String(size), 'text-anchor="middle"'),
  );
  const foot = text(WIDTH / 2, HEIGHT + 36, 'credentials of the user', 'text-anchor="middle"');
  const head = text(0, -14, title, 'font-weight="bold"');
  const content = [...rows, ...columns, foot, head, ...lines.map((line) => drawLine(line, sizes))].join('\n');
  return `<g transform="translate(${GAP + index * (WIDTH + GAP)}, 40)">\n${content}\n</g>`;
};

/** The drawing as SVG. */
export const unitChart = (units: readonly Units[]): string => {
  const sizes = listSizes(units);
  const [width, height] = [2 * (WIDTH + GAP) + GAP, HEIGHT + 90];
  const panels = makePanels(units).map((panel, index) => drawPanel(panel, sizes, index));
  const frame = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"`;
  const title = '<title>Capacity units over the number of credentials</title>';
  return `<svg ${frame}>\n${title}\n<rect width="${width}" height="${height}" fill="#fff"/>\n${panels.join('\n')}\n</svg>\n`;
};
