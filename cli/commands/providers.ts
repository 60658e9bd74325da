// `keyhold providers`: what users can connect or store.
import type { ProviderView } from '../../client/generated/api-types.ts';
import { isLoopback } from '../../client/service-url.ts';
import { createUserClient } from '../../client/user.ts';
import type { Command, Context } from '../command.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { commonOptions, readText, serviceOptions } from '../options.ts';
import { formatTable } from '../output/table.ts';

/** The local server issues tokens for any user. */
const readLocalToken = async (url: string): Promise<string> => {
  const body = JSON.stringify({ sub: 'keyhold-command' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL('/_local/token', url), { method: 'POST', headers, body });
  return ((await answer.json()) as { accessToken: string }).accessToken;
};

const tokenReader = (url: string, { values, env }: Context): (() => string | Promise<string>) => {
  const token = readText(values, 'token') ?? env.KEYHOLD_TOKEN;
  if (token) return () => token;
  if (isLoopback(url)) return () => readLocalToken(url);
  throw new UsageError('providers are listed for users: set KEYHOLD_TOKEN to a token of one');
};

const HEAD = ['provider', 'name', 'types', 'oauth', 'system key'];

const row = ({ provider, displayName, authTypes, oauth, system }: ProviderView) => [
  provider,
  displayName,
  authTypes.join(' '),
  oauth && (oauth.configured ? 'ready' : 'no client'),
  system ? 'yes' : 'no',
];

/** The command. */
export const providersCommand: Command = {
  name: 'providers',
  parameters: [],
  summary: 'List the providers that users can connect or store a key for.',
  details:
    'On a deployment this needs the token (JWT) of a user, in KEYHOLD_TOKEN or --token. "ready" means that the operator has set an OAuth client.',
  options: {
    token: {
      type: 'string',
      value: '<jwt>',
      help: 'The token of a user. Prefer KEYHOLD_TOKEN: other users of this machine can see options.',
    },
    ready: { type: 'boolean', help: 'Only those whose OAuth client is set.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: ['npx keyhold providers --ready', 'npx keyhold providers --json'],
  run: async (context) => {
    const { values, terminal, json } = context;
    const url = context.url();
    const { providers } = await createUserClient({ url, token: tokenReader(url, context) }).listProviders();
    const shown = values.ready ? providers.filter(({ oauth }) => oauth?.configured) : providers;
    terminal.print(json ? JSON.stringify({ providers: shown }, null, 2) : formatTable(HEAD, shown.map(row)));
    return EXIT.ok;
  },
};
