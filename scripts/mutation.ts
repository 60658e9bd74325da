// Runs mutation testing on the parts (test/reliability/mutation/parts.ts) that changed since their last figures, or on the named
// ones, and writes docs/mutation.json after each, so that it can be stopped and resumed. --survivors reruns only survivors.
import {
  computeScore,
  type Figures,
  hashContent,
  type PartFigures,
  readFigures,
  writeFigures,
} from '../test/reliability/mutation/figures.ts';
import { type Part, parts } from '../test/reliability/mutation/parts.ts';
import { rerunSurvivors, runPart } from '../test/reliability/mutation/run-part.ts';

const line = (name: string, { score, killed, timedOut, survived, notCovered, commit }: PartFigures): string =>
  `${name.padEnd(14)} ${score.toFixed(1).padStart(5)} %  ${killed} killed, ${timedOut} timed out, ${survived} survived, ` +
  `${notCovered} not covered, at ${commit}`;

const print = (figures: Figures): void => {
  for (const [name, one] of Object.entries(figures)) console.log(line(name, one));
  console.log(`all            ${computeScore(Object.values(figures)).toFixed(1).padStart(5)} %`);
};

/** In the order of the parts, without figures of removed parts. */
const sortByPart = (figures: Figures): Figures =>
  Object.fromEntries(Object.keys(parts).flatMap((name) => (figures[name] ? [[name, figures[name]]] : [])));

const update = async (name: string, part: Part): Promise<boolean> => {
  console.log(`\n${name}`);
  const before = readFigures()[name];
  const figures = await (before && survivorsOnly ? rerunSurvivors(part, before) : runPart(part, before));
  if (figures === null) return false;
  writeFigures(sortByPart({ ...readFigures(), [name]: figures }));
  console.log(line(name, figures));
  return true;
};

const survivorsOnly = process.argv.includes('--survivors');
const named = process.argv.slice(2).filter((word) => word !== '--survivors');
const unknown = named.find((name) => parts[name] === undefined);
if (unknown !== undefined) throw new Error(`unknown part ${unknown}; the parts are ${Object.keys(parts).join(', ')}`);

const isDue = (name: string, part: Part): boolean =>
  named.length > 0 ? named.includes(name) : readFigures()[name]?.content !== hashContent(part);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
for (const [name, part] of Object.entries(parts)) {
  if (isDue(name, part) && !(await update(name, part))) process.exitCode = 1;
}
print(readFigures());
