// Runs one part through Stryker, in a separate process with a time limit. Stryker works on a copy of the project.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { computeScore, hashContent, listFiles, type PartFigures } from './figures.ts';
import type { Part } from './parts.ts';
import { listLocations, readReport, readRerun } from './report.ts';

const WORK = '.stryker-tmp';
const REPORT = `${WORK}/report.json`;
const SETTINGS = `${WORK}/settings.json`;
const LIMIT_MILLISECONDS = 20 * 60_000;

const settings = (mutate: readonly string[]) => ({
  mutate,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/reliability/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  // A busy machine must not turn a slow test into a killed mutant.
  timeoutMS: 20_000,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: REPORT },
  tempDirName: `${WORK}/sandbox`,
  ignorePatterns: ['cdk.out', '.keyhold'],
  // Stryker would rewrite tsconfig.json with a compiler API that TypeScript 7 does not have.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  warnings: { slow: false },
  allowConsoleColors: false,
});

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();

const getCommit = ({ sources, tests }: Part): string => {
  const changed = git('status', '--porcelain', '--', ...listFiles([...sources, ...tests])) !== '';
  return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? '+' : ''}`;
};

const stryker = async ({ tests }: Part, mutate: readonly string[]): Promise<boolean> => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK);
  writeFileSync(SETTINGS, JSON.stringify(settings(mutate)));
  const env = { ...process.env, MUTATION_TESTS: listFiles(tests).join(',') };
  const run = spawn('stryker', ['run', SETTINGS], { env, stdio: 'inherit', timeout: LIMIT_MILLISECONDS });
  const end = () => run.kill();
  process.once('exit', end);
  const [code] = await once(run, 'exit');
  process.off('exit', end);
  return code === 0;
};

const describeVersion = (part: Part) => ({
  date: new Date().toISOString().slice(0, 10),
  commit: getCommit(part),
  content: hashContent(part),
});

const withScore = ({ survivors, ...counts }: Omit<PartFigures, 'score'>): PartFigures => ({
  ...counts,
  score: computeScore([{ ...counts, survivors }]),
  survivors,
});

/** Measures a part; null when Stryker failed or exceeded its time limit. */
export const runPart = async (part: Part, before: PartFigures | undefined): Promise<PartFigures | null> => {
  const now = describeVersion(part);
  if (!(await stryker(part, listFiles(part.sources)))) return null;
  return withScore({ ...now, ...readReport(REPORT, before?.survivors ?? []) });
};

/** Tries only the survivors again, for when only tests were added. */
export const rerunSurvivors = async (part: Part, before: PartFigures): Promise<PartFigures | null> => {
  const { commit, ...now } = describeVersion(part);
  if (!(await stryker(part, listLocations(before.survivors)))) return null;
  return withScore({ ...before, ...now, triedAgainAt: commit, ...readRerun(REPORT, before) });
};
