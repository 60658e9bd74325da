// From Stryker's report (mutation-testing-report-schema) to the figures of a part.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { PartFigures, Survivor } from './figures.ts';

const Position = z.object({ line: z.int(), column: z.int() });

const Mutant = z.object({
  mutatorName: z.string(),
  replacement: z.string().default(''),
  status: z.string(),
  location: z.object({ start: Position, end: Position }),
});
type Mutant = z.infer<typeof Mutant>;

export const Report = z.object({
  files: z.record(z.string(), z.object({ source: z.string(), mutants: z.array(Mutant) })),
});
type Report = z.infer<typeof Report>;

const LONGEST = 100;
const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
};

const original = (source: string, { start, end }: Mutant['location']): string => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const cut = lines.map((line, index) => (index === lines.length - 1 ? line.slice(0, end.column - 1) : line));
  return cut.join('\n').slice(start.column - 1);
};

const survivor = (file: string, source: string, mutant: Mutant): Survivor => ({
  at: `${file}:${mutant.location.start.line}:${mutant.location.start.column}`,
  endLine: mutant.location.end.line,
  mutant: `${mutant.mutatorName}: ${shortened(original(source, mutant.location))} → ${shortened(mutant.replacement)}`,
  reason: '',
});

/** A mutant is known again by what it changes in which file, wherever the line has moved. */
const nameOf = ({ at, mutant }: Survivor): string => `${at.replace(/:\d+:\d+$/, '')} ${mutant}`;

type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage';

/** Every mutant of a report that is of one of these. */
const found = ({ files }: Report, ...statuses: Status[]): Survivor[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => (statuses as string[]).includes(status))
      .map((mutant) => survivor(file, source, mutant)),
  );

const read = (file: string): Report => Report.parse(JSON.parse(readFileSync(file, 'utf8')));

/** The counts, and the survivors with the reasons that are known. */
export const readReport = (file: string, before: readonly Survivor[]) => {
  const report = read(file);
  const reasons = new Map(before.map((known) => [nameOf(known), known.reason]));
  return {
    killed: found(report, 'Killed').length,
    timedOut: found(report, 'Timeout').length,
    survived: found(report, 'Survived').length,
    notCovered: found(report, 'NoCoverage').length,
    survivors: found(report, 'Survived', 'NoCoverage').map((one) => ({
      ...one,
      reason: reasons.get(nameOf(one)) ?? '',
    })),
  };
};

/** Where the survivors stand, as Stryker takes it for what to mutate. */
export const placesOf = (survivors: readonly Survivor[]): string[] => [
  ...new Set(survivors.map(({ at, endLine }) => `${at.replace(/:\d+$/, '')}-${endLine}`)),
];

/** The same after a report about those places alone: what is not found there alive is killed. */
export const readAgain = (file: string, before: PartFigures) => {
  const report = read(file);
  const alive = (...statuses: Status[]) => {
    const keys = new Set(found(report, ...statuses).map(({ at, mutant }) => `${at} ${mutant}`));
    return before.survivors.filter(({ at, mutant }) => keys.has(`${at} ${mutant}`));
  };
  const survivors = alive('Survived', 'NoCoverage');
  return {
    killed: before.killed + before.survivors.length - survivors.length,
    timedOut: before.timedOut,
    survived: alive('Survived').length,
    notCovered: alive('NoCoverage').length,
    survivors,
  };
};
