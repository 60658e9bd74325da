// Reads and writes docs/mutation.json: the figures of the last run of each part, and why each survivor is acceptable. Reasons are
// written there by hand; a later run keeps them while the mutant survives.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { Part } from './parts.ts';

const FILE = 'docs/mutation.json';

const count = z.int().nonnegative();

/** A mutant that no test detects. */
export const Survivor = z.object({
  /** File, line and column. */
  at: z.string(),
  endLine: z.int(),
  mutant: z.string(),
  /** Why it is acceptable; empty when it was not reviewed. */
  reason: z.string(),
});
export type Survivor = z.infer<typeof Survivor>;

/** The figures of one part. */
export const PartFigures = z.object({
  date: z.iso.date(),
  /** The commit that was mutated; with `+` there were uncommitted changes. */
  commit: z.string(),
  /** The commit at which only the survivors were run again, after tests were added. */
  triedAgainAt: z.string().optional(),
  /** Hash of sources and tests; when it changes the part is run again. */
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

/** The figures by part; empty when the file does not exist. */
export const readFigures = (): Figures =>
  existsSync(FILE) ? Figures.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : {};

/** Replaces the file. */
export const writeFigures = (figures: Figures): void => writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);

/** The files matched by globs, sorted. */
export const listFiles = (globs: readonly string[]): string[] => [...new Set(globSync([...globs]))].toSorted();

/** A hash of the sources and tests of a part. */
export const hashContent = ({ sources, tests }: Part): string => {
  const hash = createHash('sha256');
  for (const file of listFiles([...sources, ...tests])) hash.update(JSON.stringify([file, readFileSync(file, 'utf8')]));
  return hash.digest('hex').slice(0, 16);
};

/** The mutation score in percent, to a tenth, over any number of parts. */
export const computeScore = (figures: readonly Omit<PartFigures, 'score'>[]): number => {
  const sum = (number: (one: Omit<PartFigures, 'score'>) => number) =>
    figures.reduce((all, one) => all + number(one), 0);
  const detected = sum(({ killed, timedOut }) => killed + timedOut);
  const missed = sum(({ survived, notCovered }) => survived + notCovered);
  return Math.round((1000 * detected) / Math.max(1, detected + missed)) / 10;
};
