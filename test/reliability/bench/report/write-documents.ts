// Replaces the measured tables in the documents, each between two markers, and the drawing.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The commit of the working tree, marked if it has changes. */
export const readCommit = (): string =>
  execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], { encoding: 'utf8' }).trim();

/** One line that says where and when a run was made: its times hold only there. */
export const describeRun = (now: Date): string =>
  `Commit ${readCommit()}, ${now.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores.`;

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`. Throws when a document has no such place. */
export const replaceSection = (text: string, name: string, content: string): string => {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no section ${name}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
};

/** Replaces sections of a document in the repository. */
export const writeSections = (path: string, sections: Readonly<Record<string, string>>): void => {
  const text = Object.entries(sections).reduce(
    (written, [name, content]) => replaceSection(written, name, content),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
};
