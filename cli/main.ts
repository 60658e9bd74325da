// The command `keyhold`: finds the command, parses its options, runs it, and turns what is thrown into a message and an exit code.
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { KeyholdError } from '../client/keyhold-error.ts';
import { createWorker, workerTransport } from '../client/worker.ts';
import type { Command, Context, OptionValues, Terminal } from './command.ts';
import { commands } from './commands.ts';
import { EXIT, type ExitCode, UsageError } from './exit-codes.ts';
import { describeFailure, failureExitCode } from './failure.ts';
import { commandHelp, generalHelp, usageLine } from './help.ts';
import { LOCAL_URL, readText } from './options.ts';

const terminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(text),
  isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
};

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

const makeContext = (values: OptionValues, words: readonly string[]): Context => {
  const settings = () => ({
    url: readText(values, 'url') ?? process.env.KEYHOLD_URL ?? LOCAL_URL,
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
    transport: () => orUsage(() => workerTransport(settings())),
    env: process.env,
  };
};

const runCommand = async (command: Command, args: string[]): Promise<ExitCode> => {
  const { values, words } = parse(command, args);
  if (values.help) {
    terminal.print(commandHelp(command));
    return EXIT.ok;
  }
  checkWords(command, words);
  return command.run(makeContext(values, words));
};

const refuseUsage = (message: string, usage: string): ExitCode => {
  terminal.note(`keyhold: ${message}\nUsage: ${usage}\n`);
  return EXIT.usage;
};

/** Runs a command line; what goes wrong is printed on stderr. */
const main = async (args: string[]): Promise<ExitCode> => {
  const found = findCommand(args);
  if (!found) {
    const asksForHelp = args.length === 0 || ['--help', '-h', 'help'].includes(args[0] ?? '');
    if (!asksForHelp) return refuseUsage('there is no such command', 'npx keyhold --help');
    terminal.print(generalHelp(commands));
    return args.length === 0 ? EXIT.usage : EXIT.ok;
  }
  try {
    return await runCommand(found.command, found.rest);
  } catch (error) {
    if (error instanceof UsageError) return refuseUsage(error.message, usageLine(found.command));
    terminal.note(`keyhold: ${describeFailure(error)}\n`);
    return error instanceof KeyholdError ? failureExitCode(error) : EXIT.fault;
  }
};

process.exitCode = await main(process.argv.slice(2));
