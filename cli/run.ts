// Runs a command line: finds the command, parses its options, runs it, and turns what is thrown into a message and an exit code.
import { parseArgs } from 'node:util';
import { KeyholdError } from '../client/keyhold-error.ts';
import { readServiceUrl } from '../client/service-url.ts';
import { createWorker } from '../client/worker.ts';
import type { Command, Context, OptionValues, Terminal } from './command.ts';
import { commands } from './commands.ts';
import { EXIT, type ExitCode, UsageError } from './exit-codes.ts';
import { describeFailure, failureExitCode } from './failure.ts';
import { commandHelp, generalHelp, usageLine } from './help.ts';
import { LOCAL_URL, readText } from './options.ts';

/** The terminal and the environment of a command line. */
export interface Surroundings {
  terminal: Terminal;
  env: Readonly<Record<string, string | undefined>>;
}

const findCommand = (args: readonly string[]): { command: Command; rest: string[] } | undefined => {
  for (const count of [2, 1]) {
    const command = commands.find(({ name }) => name === args.slice(0, count).join(' '));
    if (command) return { command, rest: args.slice(count) };
  }
  return undefined;
};

const checkWords = (command: Command, words: readonly string[]): void => {
  const least = command.parameters.filter((parameter) => !parameter.startsWith('[')).length;
  if (words.length < least) throw new UsageError(`${command.parameters[words.length]} is missing`);
  if (words.length > command.parameters.length) throw new UsageError('too many words');
};

const parse = (command: Command, args: string[]): { values: OptionValues; words: string[] } => {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short !== undefined && { short }), ...(multiple !== undefined && { multiple }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values as OptionValues, words: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : 'the options cannot be read');
  }
};

const makeContext = (
  parsed: { values: OptionValues; words: readonly string[] },
  { terminal, env }: Surroundings,
): Context => {
  const { values, words } = parsed;
  const settings = () => ({
    url: readText(values, 'url') ?? env.KEYHOLD_URL ?? LOCAL_URL,
    region: readText(values, 'region'),
    profile: readText(values, 'profile'),
  });
  const orUsage = <T>(make: () => T): T => {
    try {
      return make();
    } catch (error) {
      throw error instanceof TypeError ? new UsageError(error.message) : error;
    }
  };
  return {
    words,
    values,
    terminal,
    json: values.json === true,
    worker: () => orUsage(() => createWorker(settings())),
    url: () => orUsage(() => readServiceUrl(settings().url)),
    env,
  };
};

const runCommand = async (command: Command, args: string[], surroundings: Surroundings): Promise<ExitCode> => {
  const parsed = parse(command, args);
  if (parsed.values.help) {
    surroundings.terminal.print(commandHelp(command));
    return EXIT.ok;
  }
  checkWords(command, parsed.words);
  return command.run(makeContext(parsed, surroundings));
};

const runGeneral = ([first]: readonly string[], { terminal }: Surroundings): ExitCode => {
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    terminal.print(generalHelp(commands));
    return first === undefined ? EXIT.usage : EXIT.ok;
  }
  terminal.note('keyhold: there is no such command\nUsage: npx keyhold --help\n');
  return EXIT.usage;
};

/** Runs a command line; what goes wrong is told on stderr. */
export const run = async (args: readonly string[], surroundings: Surroundings): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const found = findCommand(args);
  if (!found) return runGeneral(args, surroundings);
  try {
    return await runCommand(found.command, found.rest, surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`keyhold: ${error.message}\nUsage: ${usageLine(found.command)}\n`);
      return EXIT.usage;
    }
    terminal.note(`keyhold: ${describeFailure(error)}\n`);
    return error instanceof KeyholdError ? failureExitCode(error) : EXIT.fault;
  }
};
