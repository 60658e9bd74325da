// One part through Stryker, in a process of its own and for a bounded time. The sandbox is a copy: nothing here is changed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { contentOf, filesOf, type PartFigures, scoreOf } from './figures.ts';
import type { Part } from './parts.ts';
import { placesOf, readAgain, readReport } from './report.ts';

const WORK = '.stryker-tmp';
const REPORT = `${WORK}/report.json`;
const SETTINGS = `${WORK}/settings.json`;
const LONGEST_MILLISECONDS = 20 * 60_000;

const settings = (mutate: readonly string[]) => ({
  mutate,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/reliability/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: REPORT },
  tempDirName: `${WORK}/sandbox`,
  ignorePatterns: ['cdk.out', '.keyhold'],
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

const stryker = async ({ tests }: Part, mutate: readonly string[]): Promise<boolean> => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK);
  writeFileSync(SETTINGS, JSON.stringify(settings(mutate)));
  const env = { ...process.env, MUTATION_TESTS: filesOf(tests).join(',') };
  const run = spawn('stryker', ['run', SETTINGS], { env, stdio: 'inherit', timeout: LONGEST_MILLISECONDS });
  const end = () => run.kill();
  process.once('exit', end);
  const [code] = await once(run, 'exit');
  process.off('exit', end);
  return code === 0;
};

const dated = (part: Part) => ({
  date: new Date().toISOString().slice(0, 10),
  commit: commitOf(part),
  content: contentOf(part),
});

const scored = ({ survivors, ...counts }: Omit<PartFigures, 'score'>): PartFigures => ({
  ...counts,
  score: scoreOf([{ ...counts, survivors }]),
  survivors,
});

/** The figures of the part as it is now; null when Stryker failed or did not end in time. */
export const runPart = async (part: Part, before: PartFigures | undefined): Promise<PartFigures | null> => {
  const now = dated(part);
  if (!(await stryker(part, filesOf(part.sources)))) return null;
  return scored({ ...now, ...readReport(REPORT, before?.survivors ?? []) });
};

/** The survivors alone, for when nothing but tests was added: what was killed is not tried again. */
export const tryAgain = async (part: Part, before: PartFigures): Promise<PartFigures | null> => {
  const { commit, ...now } = dated(part);
  if (!(await stryker(part, placesOf(before.survivors)))) return null;
  return scored({ ...before, ...now, triedAgainAt: commit, ...readAgain(REPORT, before) });
};
