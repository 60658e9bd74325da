// The mutation score is measured by a script of its own, which takes hours: here it is only read, with the commit it is of.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';

const FILE = 'docs/mutation.json';
const GOAL = 85;

const Score = z.object({ score: z.number() });

const commitOf = (file: string): string =>
  execFileSync('git', ['log', '-1', '--format=%h', '--', file], { encoding: 'utf8' }).trim();

export interface ReadScore {
  goal: string;
  /** Undefined: there is none to be read. */
  result: string | undefined;
  isMet: boolean;
  source: string;
}

export const readMutationScore = (): ReadScore => {
  const goal = `≥ ${GOAL} % in all`;
  const parsed = existsSync(FILE) ? Score.safeParse(JSON.parse(readFileSync(FILE, 'utf8'))).data : undefined;
  if (parsed === undefined) return { goal, result: undefined, isMet: false, source: FILE };
  return { goal, result: `${parsed.score} %`, isMet: parsed.score >= GOAL, source: `${FILE} of ${commitOf(FILE)}` };
};
