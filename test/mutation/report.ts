// From Stryker's report (mutation-testing-report-schema) to the figures of a part.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Survivor } from './figures.ts';

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
  mutant: `${mutant.mutatorName}: ${shortened(original(source, mutant.location))} → ${shortened(mutant.replacement)}`,
  reason: '',
});

/** A mutant is known again by what it changes in which file, wherever the line has moved. */
const nameOf = ({ at, mutant }: Survivor): string => `${at.replace(/:\d+:\d+$/, '')} ${mutant}`;

const survivors = ({ files }: Report): Survivor[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map((mutant) => survivor(file, source, mutant)),
  );

/** The counts, and the survivors with the reasons that are known. */
export const readReport = (file: string, before: readonly Survivor[]) => {
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  const mutants = Object.values(report.files).flatMap((one) => one.mutants);
  const of = (wanted: string) => mutants.filter(({ status }) => status === wanted).length;
  const reasons = new Map(before.map((known) => [nameOf(known), known.reason]));
  return {
    killed: of('Killed'),
    timedOut: of('Timeout'),
    survived: of('Survived'),
    notCovered: of('NoCoverage'),
    survivors: survivors(report).map((found) => ({ ...found, reason: reasons.get(nameOf(found)) ?? '' })),
  };
};
