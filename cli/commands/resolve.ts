// `keyhold resolve`: what a worker would get.

import type { ResolvedCredential, ResolveRequest } from '../../client/generated/api-types.ts';
import type { Command, Context } from '../command.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { commonOptions, readNumber, readText, readTexts, serviceOptions } from '../options.ts';
import { HIDDEN, hideSecrets } from '../output/hide-secrets.ts';
import { formatPairs } from '../output/table.ts';

const MAX_TTL_SECONDS = 86_400;

const readRequest = ({ values }: Context): ResolveRequest => {
  const request = {
    provider: readText(values, 'provider'),
    credentialId: readText(values, 'credential'),
    url: readText(values, 'for-url'),
    scopes: readTexts(values, 'scope'),
    minTtlSeconds: readNumber(values, 'min-ttl', [0, MAX_TTL_SECONDS]),
  };
  if (!request.provider && !request.credentialId && !request.url) {
    throw new UsageError('give --provider, --credential or --for-url');
  }
  return request;
};

const describe = (resolved: ResolvedCredential, showsSecret: boolean): string => {
  const { credential, headers, query, baseUrl, expiresAt, stale } = resolved;
  const send = (kind: string, fields: Record<string, unknown>) =>
    Object.entries(fields).map(([name, value]) => [`${kind} ${name}`, showsSecret ? String(value) : HIDDEN] as const);
  return formatPairs([
    ['credential', credential.id],
    ['provider', credential.provider],
    ['type', credential.type],
    ['title', credential.title],
    ['resource', credential.resource],
    ['source', credential.source],
    ['scopes', credential.scopes?.join(' ')],
    ['expires', expiresAt ?? 'never'],
    ['stale', stale ? 'yes: it works for less time than asked for' : 'no'],
    ['base URL', baseUrl],
    ...send('header', headers),
    ...send('query', query),
  ]);
};

/** The command. */
export const resolveCommand: Command = {
  name: 'resolve',
  parameters: ['<user>'],
  summary: 'Get a credential of a user that works now, as a worker would.',
  details:
    'The values to send are hidden unless you ask for them. Exit code 3 means that the user has to connect first, or again.',
  options: {
    provider: { type: 'string', value: '<name>', help: 'The provider to call, such as github.' },
    credential: { type: 'string', value: '<id>', help: 'One credential of the user.' },
    'for-url': { type: 'string', value: '<url>', help: 'The URL to call, such as that of an MCP server.' },
    scope: { type: 'string', multiple: true, value: '<scope>', help: 'A scope the token must cover; may be repeated.' },
    'min-ttl': { type: 'string', value: '<seconds>', help: 'Refresh a token that expires sooner. Default: 300.' },
    'show-secret': { type: 'boolean', help: 'Print the values of headers and query parameters.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: [
    'npx keyhold resolve alice --provider openai',
    'npx keyhold resolve alice --provider github --scope repo --json',
    'npx keyhold resolve alice --for-url https://mcp.example.com/mcp',
  ],
  run: async (context) => {
    const { words, values, terminal, json } = context;
    const resolved = await context.worker().resolveCredential(words[0] ?? '', readRequest(context));
    const showsSecret = values['show-secret'] === true;
    if (json) terminal.print(JSON.stringify(showsSecret ? resolved : hideSecrets(resolved), null, 2));
    else terminal.print(describe(resolved, showsSecret));
    return EXIT.ok;
  },
};
