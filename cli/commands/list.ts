// `keyhold list`: what a user has, without a secret.
import type { CredentialView } from '../../client/generated/api-types.ts';
import type { Worker } from '../../client/worker.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { commonOptions, readText, serviceOptions } from '../options.ts';
import { formatTable } from '../output/table.ts';

/** All pages of a user's list. */
export const listAll = async (worker: Worker, userId: string, provider?: string): Promise<CredentialView[]> => {
  const all: CredentialView[] = [];
  for (let after: string | undefined; ; ) {
    const options = { ...(provider !== undefined && { provider }), ...(after !== undefined && { after }) };
    const page = await worker.listCredentials(userId, options);
    all.push(...page.credentials);
    after = page.next;
    if (after === undefined) return all;
  }
};

const HEAD = ['id', 'provider', 'type', 'title', 'resource', 'source', 'status', 'reason', 'expires'];

const row = ({ id, provider, type, title, resource, source, status, reason, expiresAt }: CredentialView) => [
  id,
  provider,
  type,
  title,
  resource,
  source,
  status,
  reason,
  expiresAt,
];

/** The command. */
export const listCommand: Command = {
  name: 'list',
  parameters: ['<user>'],
  summary: 'List the credentials of a user.',
  options: {
    provider: { type: 'string', value: '<name>', help: 'Only those of this provider.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: ['npx keyhold list alice', 'npx keyhold list alice --provider github --json'],
  run: async ({ words, values, terminal, json, worker }) => {
    const credentials = await listAll(worker(), words[0] ?? '', readText(values, 'provider'));
    if (json) terminal.print(JSON.stringify({ credentials }, null, 2));
    else terminal.print(credentials.length === 0 ? 'no credentials' : formatTable(HEAD, credentials.map(row)));
    return EXIT.ok;
  },
};
