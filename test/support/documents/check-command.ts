// Checks a documented command line that no test can run, because it needs AWS, a provider or a browser: every word of it that this
// repository or an installed tool knows must exist. A kind of command that is not listed here is wrong: such a block must be run.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { commands } from '../../../cli/commands.ts';
import { checkAwsCommand } from './aws-command.ts';
import { findOutputs, splitWords } from './shell-words.ts';

type Check = (args: readonly string[]) => string[];

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const { commands: cdkCommands, globalOptions } = JSON.parse(
  readFileSync('node_modules/aws-cdk/lib/cli/cli-type-registry.json', 'utf8'),
);
const readme = readFileSync('README.md', 'utf8');
const stack = readFileSync('cdk/keyhold-stack.ts', 'utf8');

const checkKeyhold: Check = (args) => {
  const command = [2, 1]
    .map((count) => commands.find(({ name }) => name === args.slice(0, count).join(' ')))
    .find((found) => found !== undefined);
  if (!command) return [`unknown command: npx keyhold ${args.join(' ')}`];
  const rest = args.slice(command.name.split(' ').length);
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
  );
  try {
    const { positionals } = parseArgs({ args: rest, options, allowPositionals: true });
    const least = command.parameters.filter((parameter) => !parameter.startsWith('[')).length;
    const fits = positionals.length >= least && positionals.length <= command.parameters.length;
    return fits ? [] : [`wrong number of words: npx keyhold ${args.join(' ')}`];
  } catch (error) {
    return [(error as Error).message];
  }
};

/** `-c stage=<name>` names a file in stages. */
const checkStage: Check = (args) => {
  const stage = args.map((word) => /^stage=(.*)$/.exec(word)?.[1]).find((name) => name !== undefined);
  if (stage === undefined) return [];
  try {
    JSON.parse(readFileSync(`stages/${stage}.json`, 'utf8'));
    return [];
  } catch {
    return [`unknown stage: ${stage}`];
  }
};

const checkCdk: Check = ([command = '', ...args]) => {
  if (!Object.hasOwn(cdkCommands, command)) return [`unknown command: npx cdk ${command}`];
  const known = new Set(
    Object.entries({ ...globalOptions, ...cdkCommands[command].options }).flatMap(([name, option]) => [
      `--${name}`,
      `-${(option as { alias?: string }).alias}`,
    ]),
  );
  const wrong = args.filter((word) => word.startsWith('-') && !known.has(word));
  return [...wrong.map((word) => `unknown option: npx cdk ${command} ${word}`), ...checkStage(args)];
};

/** npm's own commands, and the scripts of package.json with the options that their file names. */
const checkNpm: Check = (args) => {
  const [first = '', second = ''] = args;
  if (['ci', 'pack'].includes(first)) return [];
  const script = first === 'run' ? second : first;
  const command = scripts[script];
  if (command === undefined) return [`unknown script: npm ${args.join(' ')}`];
  const [path] = /scripts\/[\w-]+\.ts/.exec(command) ?? [];
  const text = path ? readFileSync(path, 'utf8') : '';
  const options = args
    .slice(args.indexOf('--') + 1 || args.length)
    .filter((word) => word.startsWith('--') && !text.includes(word));
  return [...options.map((word) => `unknown option: npm run ${script} ${word}`), ...checkStage(args)];
};

const checks: readonly [readonly string[], Check][] = [
  [['npx', 'keyhold'], checkKeyhold],
  [['npx', 'cdk'], checkCdk],
  [['npm'], checkNpm],
  [['aws'], checkAwsCommand],
  [['docker', 'run'], () => []],
];

const checkSettings = (names: readonly string[]): string[] =>
  names.filter((name) => !readme.includes(`\`${name}\``)).map((name) => `unknown setting: ${name}`);

/** What is wrong with a command line; empty: nothing. */
export const checkCommand = (line: string): string[] => {
  const outputs = findOutputs(line).filter((name) => !new RegExp(`\\b${name}\\b`).test(stack));
  const unknown = outputs.map((name) => `unknown output: ${name}`);
  const [, inner] = /^(?:export )?\w+=\$\((.*)\)$/.exec(line) ?? [];
  if (inner !== undefined) return [...unknown, ...checkCommand(inner)];
  const words = splitWords(line);
  const count = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  // A variable that the reader fills in.
  if (count === -1) return unknown;
  const settings = words.slice(0, count).map((word) => word.split('=')[0] ?? '');
  const rest = words.slice(count);
  const [prefix, check] = checks.find(([start]) => start.every((word, index) => rest[index] === word)) ?? [[], null];
  const problems = check?.(rest.slice(prefix.length)) ?? [`not checked by any test: ${line}`];
  return [...unknown, ...checkSettings(settings), ...problems];
};
