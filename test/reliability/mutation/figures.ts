// docs/mutation.json: of each part the figures of its last run, and why each mutant that survived may. A reason is written
// there by hand, and kept by a later run as long as its mutant survives.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { Part } from './parts.ts';

const FILE = 'docs/mutation.json';

const count = z.int().nonnegative();

export const Survivor = z.object({
  /** File, line and column. */
  at: z.string(),
  endLine: z.int(),
  mutant: z.string(),
  /** Why it may live; empty: nobody has looked. */
  reason: z.string(),
});
export type Survivor = z.infer<typeof Survivor>;

export const PartFigures = z.object({
  date: z.iso.date(),
  /** What was mutated; with `+` there were changes not committed yet. */
  commit: z.string(),
  /** Where the survivors alone were tried again, after tests were added. */
  triedAgainAt: z.string().optional(),
  /** Of the sources and tests: the part is run again when another. */
  content: z.string(),
  killed: count,
  timedOut: count,
  survived: count,
  notCovered: count,
  score: z.number(),
  survivors: z.array(Survivor),
});
export type PartFigures = z.infer<typeof PartFigures>;

const Figures = z.record(z.string(), PartFigures);
export type Figures = z.infer<typeof Figures>;

export const readFigures = (): Figures =>
  existsSync(FILE) ? Figures.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : {};

export const writeFigures = (figures: Figures): void => writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);

export const filesOf = (globs: readonly string[]): string[] => [...new Set(globSync([...globs]))].toSorted();

/** A hash of what the figures of a part depend on. */
export const contentOf = ({ sources, tests }: Part): string => {
  const hash = createHash('sha256');
  for (const file of filesOf([...sources, ...tests])) hash.update(JSON.stringify([file, readFileSync(file, 'utf8')]));
  return hash.digest('hex').slice(0, 16);
};

/** In percent, to a tenth; of any number of parts. */
export const scoreOf = (figures: readonly Omit<PartFigures, 'score'>[]): number => {
  const sum = (number: (one: Omit<PartFigures, 'score'>) => number) =>
    figures.reduce((all, one) => all + number(one), 0);
  const noticed = sum(({ killed, timedOut }) => killed + timedOut);
  const missed = sum(({ survived, notCovered }) => survived + notCovered);
  return Math.round((1000 * noticed) / Math.max(1, noticed + missed)) / 10;
};
