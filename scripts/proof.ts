// Measures all figures the service must reach, group by group, and prints one table; exits with 1 when one is missed. Takes at
// most half an hour; `--nightly` uses larger numbers. Writes nothing into the repository.
import { everydayFigures, nightlyFigures, type ProofFigure } from './proof/figures.ts';
import { readMutationScore } from './proof/mutation-score.ts';
import { commandLine, type Outcome, runCommands } from './proof/run-commands.ts';
import { textTable } from './text-table.ts';

const isNightly = process.argv.includes('--nightly');
const LIMIT_SECONDS = isNightly ? 4 * 3_600 : 1_800;
const startedAt = performance.now();
const secondsLeft = () => Math.max(1, LIMIT_SECONDS - (performance.now() - startedAt) / 1000);

type Verdict = 'ok' | 'FAILED' | 'not run';

interface Row {
  name: string;
  goal: string;
  result: string;
  verdict: Verdict;
  seconds: number;
  source: string;
}

const judge = (figure: ProofFigure, outcome: Outcome): Pick<Row, 'result' | 'verdict'> => {
  if (outcome.isLate) return { result: `stopped after ${outcome.seconds} s`, verdict: 'FAILED' };
  if (!outcome.isGreen) return { result: 'not green', verdict: 'FAILED' };
  const { result, isMet } = figure.judge(outcome.figures, outcome);
  return { result, verdict: isMet ? 'ok' : 'FAILED' };
};

const LAST_LINES = 40;

const measure = async (figure: ProofFigure): Promise<Row> => {
  const { name, goal, commands } = figure;
  const source = commands.map(commandLine).join(' & ');
  if (figure.isAvailable?.() === false) return { name, goal, result: '', verdict: 'not run', seconds: 0, source };
  console.log(`${name}: ${source}`);
  const outcome = await runCommands(commands, Math.min(figure.limitSeconds, secondsLeft()));
  const { result, verdict } = judge(figure, outcome);
  if (verdict === 'FAILED') console.log(outcome.output.split('\n').slice(-LAST_LINES).join('\n'));
  console.log(`${name}: ${result}, ${verdict}, ${outcome.seconds} s`);
  return { name, goal, result, verdict, seconds: outcome.seconds, source };
};

const readMutationRow = (): Row => {
  const { result, isMet, ...read } = readMutationScore();
  const verdict = result === undefined ? 'not run' : isMet ? 'ok' : 'FAILED';
  return { name: 'mutation score', ...read, result: result ?? '', verdict, seconds: 0 };
};

const rows: Row[] = [];
for (const group of isNightly ? nightlyFigures : everydayFigures) rows.push(...(await Promise.all(group.map(measure))));
rows.push(readMutationRow());

const cells = ({ name, goal, result, verdict, seconds, source }: Row) => [
  ...[name, goal, result, verdict],
  ...[String(seconds), source],
];
console.log(`\n${textTable(['figure', 'goal', 'result', '', 's', 'command'], rows.map(cells))}`);
const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${count('ok')} ok, ${count('FAILED')} failed, ${count('not run')} not run, in ${seconds} s`);
process.exit(count('FAILED') === 0 ? 0 : 1);
