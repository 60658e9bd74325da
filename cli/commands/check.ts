// `keyhold check`: whether a provider still takes a stored credential.
import type { CheckResult } from '../../client/generated/api-types.ts';
import type { Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { commonOptions, serviceOptions } from '../options.ts';
import { formatPairs } from '../output/table.ts';

const EXITS: Readonly<Record<CheckResult['result'], ExitCode>> = {
  valid: EXIT.ok,
  invalid: EXIT.userMustAct,
  unknown: EXIT.foundWrong,
};

/** The command. */
export const checkCommand: Command = {
  name: 'check',
  parameters: ['<user>', '<credential>'],
  summary: 'Ask the provider whether a stored credential works.',
  details: 'Ends with 0 when it works, 3 when the provider refuses it, 5 when it cannot be told.',
  options: { ...serviceOptions, ...commonOptions },
  examples: ['npx keyhold check alice my-openai-key'],
  run: async ({ words: [userId = '', id = ''], terminal, json, worker }) => {
    const answer = await worker().checkStoredCredential(userId, id);
    const { result, providerStatus, account } = answer;
    const pairs = [
      ['result', result],
      ['provider status', providerStatus],
      ['account', account && `${account.name ?? ''} (${account.id})`.trim()],
    ] as const;
    terminal.print(json ? JSON.stringify(answer, null, 2) : formatPairs(pairs));
    return EXITS[result];
  },
};
