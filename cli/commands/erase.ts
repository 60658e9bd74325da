// `keyhold users erase`: the end of everything that is stored of a user.
import type { Command } from '../command.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { commonOptions, serviceOptions } from '../options.ts';
import { plainText } from '../output/plain-text.ts';
import { formatPairs } from '../output/table.ts';
import { listAll } from './list.ts';

/** The command. */
export const eraseCommand: Command = {
  name: 'users erase',
  parameters: ['<user>'],
  summary: 'Revoke and erase everything stored of a user.',
  details: 'Tokens are revoked at their providers first. It cannot be undone. It may be repeated until it is done.',
  options: {
    yes: { type: 'boolean', help: 'Do not ask for confirmation.' },
    'dry-run': { type: 'boolean', help: 'Say what would be erased, and erase nothing.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: ['npx keyhold users erase alice --dry-run', 'npx keyhold users erase alice --yes'],
  run: async ({ words: [userId = ''], values, terminal, json, worker }) => {
    const keyhold = worker();
    if (values['dry-run']) {
      const credentials = await listAll(keyhold, userId);
      const own = credentials.filter(({ source }) => source === 'user').length;
      terminal.print(
        json ? JSON.stringify({ wouldErase: own }) : `would erase ${own} credentials, managed keys and open flows`,
      );
      return EXIT.ok;
    }
    if (!values.yes) {
      if (!terminal.isInteractive) throw new UsageError('erasing cannot be undone: give --yes');
      const answer = await terminal.ask(`Erase everything of ${plainText(userId)}? Type the user id: `);
      if (answer !== userId) throw new UsageError('nothing was erased: the user id was not typed');
    }
    const erased = await keyhold.eraseUser(userId);
    terminal.print(json ? JSON.stringify(erased) : formatPairs(Object.entries(erased) as [string, number][]));
    return EXIT.ok;
  },
};
