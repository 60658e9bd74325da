// The options that every command takes, and readers of option values.
import type { CommandOption, OptionValues } from './command.ts';
import { UsageError } from './exit-codes.ts';

/** Where `npm start` listens. */
export const LOCAL_URL = 'http://127.0.0.1:3000';

/** Options of all commands that print an answer. */
export const commonOptions: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', help: 'Print JSON instead of a table.' },
  help: { type: 'boolean', short: 'h', help: 'Show this help.' },
};

/** Options of commands that call the service. */
export const serviceOptions: Readonly<Record<string, CommandOption>> = {
  url: {
    type: 'string',
    value: '<url>',
    help: `The address of the service. Default: KEYHOLD_URL, else ${LOCAL_URL} (npm start).`,
  },
  profile: {
    type: 'string',
    value: '<name>',
    help: 'The AWS profile to sign with. Default: the standard AWS credentials.',
  },
  region: {
    type: 'string',
    value: '<region>',
    help: 'The AWS region. Default: the one in the address, else AWS_REGION.',
  },
};

/** An option's text; undefined where it is not given. */
export const readText = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** The texts of an option that may be repeated. */
export const readTexts = (values: OptionValues, name: string): string[] | undefined => {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : undefined;
};

/** A whole number within bounds. Throws `UsageError`. */
export const readNumber = (
  values: OptionValues,
  name: string,
  [least, most]: readonly [number, number],
): number | undefined => {
  const text = readText(values, name);
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}`);
};
