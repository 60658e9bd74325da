// The help texts, made from the commands.
import type { Command, CommandOption } from './command.ts';
import { exitMeanings } from './exit-codes.ts';

const WIDTH = 100;

/** Words in lines of at most WIDTH columns, each after the indent. */
const wrap = (text: string, indent: number): string => {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (indent + line.length + word.length + 1 > WIDTH && line !== '') lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
};

const column = (pairs: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 4;
  return pairs.map(([name, text]) => `  ${name.padEnd(width - 2)}${wrap(text, width)}`).join('\n');
};

const optionName = ([name, { short, value }]: [string, CommandOption]): string =>
  `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;

/** How a command is written. */
export const usageLine = ({ name, parameters }: Command): string =>
  ['npx keyhold', name, ...parameters, '[options]'].join(' ');

/** The help of one command. */
export const commandHelp = (command: Command): string => {
  const options = Object.entries(command.options).map((option) => [optionName(option), option[1].help] as const);
  return [
    `${wrap(command.summary, 0)}\n\nUsage: ${usageLine(command)}`,
    ...(command.details
      ? [
          command.details
            .split('\n\n')
            .map((paragraph) => wrap(paragraph, 0))
            .join('\n\n'),
        ]
      : []),
    `Options:\n${column(options)}`,
    `Examples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`,
  ].join('\n\n');
};

/** The help of all. */
export const generalHelp = (commands: readonly Command[]): string =>
  [
    'Keyhold keeps the keys and tokens of your users, and gives your workers ones that work.',
    'Usage: npx keyhold <command> [options]',
    `Commands:\n${column(commands.map(({ name, parameters, summary }) => [[name, ...parameters].join(' '), summary]))}`,
    wrap(
      'Without --url a command talks to the local server that "npm start" starts. With --url it talks to a deployment, signed ' +
        'with your AWS credentials. Secrets are never printed unless you ask with --show-secret.',
      0,
    ),
    `Exit codes:\n${column(exitMeanings.map(([code, text]) => [String(code), text]))}`,
    'npx keyhold <command> --help shows the options of a command, and examples.',
  ].join('\n\n');
