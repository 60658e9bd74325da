// What a command is: data for the help and the parser, and a function that carries it out.
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Worker } from '../client/worker.ts';
import type { ExitCode } from './exit-codes.ts';

/** The terminal, or what stands in its place. */
export interface Terminal {
  /** The answer of the command. */
  print(text: string): void;
  /** Progress and notes, on stderr. */
  note(text: string): void;
  /** Whether a person sees stderr and can answer. */
  isInteractive: boolean;
  /** Asks the person; '' when the input ends. */
  ask(question: string): Promise<string>;
}

/** The options of a command line, by name. */
export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** What a command runs with. */
export interface Context {
  /** The words after the command. */
  words: readonly string[];
  values: OptionValues;
  terminal: Terminal;
  /** Whether to print JSON. */
  json: boolean;
  /** The client of the service. Throws `UsageError` for a wrong address. */
  worker(): Worker;
  /** The address of the service, without a slash at the end. Throws as `worker`. */
  url(): string;
  env: Readonly<Record<string, string | undefined>>;
}

/** An option with its line in the help. */
export type CommandOption = ParseArgsOptionsConfig[string] & { help: string; value?: string };

/** A command. */
export interface Command {
  /** Its name: one or two words. */
  name: string;
  /** What the words after it are, such as `<user>`; those in brackets may be left out. */
  parameters: readonly string[];
  summary: string;
  /** Further paragraphs of its help. */
  details?: string;
  options: Readonly<Record<string, CommandOption>>;
  /** Command lines to copy. */
  examples: readonly string[];
  run(context: Context): Promise<ExitCode>;
}
