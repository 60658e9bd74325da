// One part through Stryker, in a process of its own and for a bounded time. The sandbox is a copy: nothing here is changed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { contentOf, filesOf, type PartFigures, scoreOf } from './figures.ts';
import type { Part } from './parts.ts';
import { readReport } from './report.ts';

const WORK = '.stryker-tmp';
const REPORT = `${WORK}/report.json`;
const SETTINGS = `${WORK}/settings.json`;
const LONGEST_MILLISECONDS = 20 * 60_000;

const settings = ({ sources }: Part) => ({
  mutate: filesOf(sources),
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: REPORT },
  tempDirName: `${WORK}/sandbox`,
  ignorePatterns: ['cdk.out', '.keyhold', 'docs'],
  // Stryker would rewrite tsconfig.json with an API that TypeScript 7 does not have.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  warnings: { slow: false },
  allowConsoleColors: false,
});

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();

const commitOf = ({ sources, tests }: Part): string => {
  const changed = git('status', '--porcelain', '--', ...filesOf([...sources, ...tests])) !== '';
  return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? '+' : ''}`;
};

const stryker = async (part: Part): Promise<boolean> => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK);
  writeFileSync(SETTINGS, JSON.stringify(settings(part)));
  const env = { ...process.env, MUTATION_TESTS: filesOf(part.tests).join(',') };
  const run = spawn('stryker', ['run', SETTINGS], { env, stdio: 'inherit', timeout: LONGEST_MILLISECONDS });
  const [code] = await once(run, 'exit');
  return code === 0;
};

/** The figures of the part as it is now; null when Stryker failed or did not end in time. */
export const runPart = async (part: Part, before: PartFigures | undefined): Promise<PartFigures | null> => {
  const [content, commit] = [contentOf(part), commitOf(part)];
  if (!(await stryker(part))) return null;
  const counted = readReport(REPORT, before?.survivors ?? []);
  const date = new Date().toISOString().slice(0, 10);
  const { survivors, ...counts } = counted;
  return { date, commit, content, ...counts, score: scoreOf([{ date, commit, content, ...counted }]), survivors };
};
