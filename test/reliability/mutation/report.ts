// Reads Stryker's report (mutation-testing-report-schema) into the figures of a part.
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

const MAX_LENGTH = 100;
const shorten = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
};

const original = (source: string, { start, end }: Mutant['location']): string => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const cut = lines.map((line, index) => (index === lines.length - 1 ? line.slice(0, end.column - 1) : line));
  return cut.join('\n').slice(start.column - 1);
};

const survivor = (file: string, source: string, mutant: Mutant): Survivor => ({
  at: `${file}:${mutant.location.start.line}:${mutant.location.start.column}`,
  endLine: mutant.location.end.line,
  mutant: `${mutant.mutatorName}: ${shorten(original(source, mutant.location))} → ${shorten(mutant.replacement)}`,
  reason: '',
});

/** Identifies a mutant by file and change, independent of its line. */
const getIdentity = ({ at, mutant }: Survivor): string => `${at.replace(/:\d+:\d+$/, '')} ${mutant}`;

type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage';

/** The mutants of a report with one of these statuses. */
const findMutants = ({ files }: Report, ...statuses: Status[]): Survivor[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => (statuses as string[]).includes(status))
      .map((mutant) => survivor(file, source, mutant)),
  );

const read = (file: string): Report => Report.parse(JSON.parse(readFileSync(file, 'utf8')));

/** The counts, and the survivors with their known reasons. */
export const readReport = (file: string, before: readonly Survivor[]) => {
  const report = read(file);
  const reasons = new Map(before.map((known) => [getIdentity(known), known.reason]));
  return {
    killed: findMutants(report, 'Killed').length,
    timedOut: findMutants(report, 'Timeout').length,
    survived: findMutants(report, 'Survived').length,
    notCovered: findMutants(report, 'NoCoverage').length,
    survivors: findMutants(report, 'Survived', 'NoCoverage').map((one) => ({
      ...one,
      reason: reasons.get(getIdentity(one)) ?? '',
    })),
  };
};

/** The locations of survivors, in Stryker's `mutate` syntax. */
export const listLocations = (survivors: readonly Survivor[]): string[] => [
  ...new Set(survivors.map(({ at, endLine }) => `${at.replace(/:\d+$/, '')}-${endLine}`)),
];

/** The figures after a run of only the survivors: those that did not survive again were killed. */
export const readRerun = (file: string, before: PartFigures) => {
  const report = read(file);
  const alive = (...statuses: Status[]) => {
    const keys = new Set(findMutants(report, ...statuses).map(({ at, mutant }) => `${at} ${mutant}`));
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
