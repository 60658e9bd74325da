// `keyhold system-keys check` and `keyhold clients check`: whether the service will take what the operator wrote.
import type { Command, CommandOption, Context } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Finding } from '../operator/finding.ts';
import { readSecretText, secretOptions } from '../operator/read-secret.ts';
import { commonOptions } from '../options.ts';
import { formatTable } from '../output/table.ts';

const DETAILS =
  'Each entry is judged as the service does it. What is wrong is named by its entry and field; no value is printed. Ends with 5 when an entry ' +
  'is wrong.';

const report = (findings: readonly Finding[], place: string, { json, terminal }: Context): ExitCode => {
  const hasWrong = findings.some(({ state }) => state === 'wrong');
  if (json) terminal.print(JSON.stringify({ place, findings }, null, 2));
  else if (findings.length === 0) terminal.print(`${place}: no entries`);
  else
    terminal.print(
      formatTable(
        ['entry', 'state', 'detail'],
        findings.map(({ entry, state, detail }) => [entry, state, detail]),
      ),
    );
  return hasWrong ? EXIT.foundWrong : EXIT.ok;
};

const options: Readonly<Record<string, CommandOption>> = { ...secretOptions, ...commonOptions };

/** Checks the operator's own keys. */
export const systemKeysCommand: Command = {
  name: 'system-keys check',
  parameters: [],
  summary: 'Check the operator’s own keys, before or after they are set.',
  details: DETAILS,
  options,
  examples: [
    'npx keyhold system-keys check',
    'npx keyhold system-keys check --secret-id <SystemKeysSecretArn> --profile production',
  ],
  run: async (context) => {
    const { place, text } = await readSecretText(context, 'system-keys');
    // Loaded here: the schemas and the catalogue take as long to load as all the rest.
    const { checkSystemKeys } = await import('../operator/check-system-keys.ts');
    return report(checkSystemKeys(text), place, context);
  },
};

/** Checks the operator's OAuth clients. */
export const clientsCommand: Command = {
  name: 'clients check',
  parameters: [],
  summary: 'Check the operator’s OAuth clients and providers, before or after they are set.',
  details: DETAILS,
  options: {
    local: {
      type: 'boolean',
      help: 'Judge a file as the local server does, which may call this machine. Default without --secret-id.',
    },
    cloud: { type: 'boolean', help: 'Judge a file as a deployment does: public https addresses only.' },
    ...options,
  },
  examples: ['npx keyhold clients check', 'npx keyhold clients check --file oauth-clients.json --cloud'],
  run: async (context) => {
    const { place, text } = await readSecretText(context, 'oauth-clients');
    const isCloud =
      context.values.cloud === true || (context.values['secret-id'] !== undefined && !context.values.local);
    const { checkClients } = await import('../operator/check-clients.ts');
    return report(checkClients(text, isCloud ? 'public' : 'local'), place, context);
  },
};
