// Reads the mutation scores, which `npm run mutation` measures in hours, with their commits, and counts the parts whose code and
// tests have not changed since.
import { computeScore, hashContent, readFigures } from '../../test/reliability/mutation/figures.ts';
import { parts } from '../../test/reliability/mutation/parts.ts';

/** The score as a row of the proof. */
export interface ReadScore {
  goal: string;
  /** undefined when there are no figures. */
  result: string | undefined;
  isMet: boolean;
  source: string;
}

/** Reads docs/mutation.json. */
export const readMutationScore = (): ReadScore => {
  const figures = Object.entries(readFigures());
  const goal = 'each part its aim: ≥ 95 %, the rest ≥ 85 %';
  if (figures.length === 0) return { goal, result: undefined, isMet: false, source: 'docs/mutation.json' };
  const measured = figures.flatMap(([name, figure]) => {
    const part = parts[name];
    return part ? [{ figure, aim: part.aim, isCurrent: figure.content === hashContent(part) }] : [];
  });
  const score = computeScore(measured.map(({ figure }) => figure));
  const current = measured.filter(({ isCurrent }) => isCurrent).length;
  const commits = [...new Set(measured.map(({ figure }) => figure.triedAgainAt ?? figure.commit))].join(' ');
  return {
    goal,
    result: `${score} % of ${measured.length} of ${Object.keys(parts).length} parts, ${current} unchanged since`,
    isMet: measured.every(({ figure, aim }) => figure.score >= aim),
    source: `docs/mutation.json (${commits})`,
  };
};
