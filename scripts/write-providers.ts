// Writes docs/providers.md from the catalogue; a test fails when it is not current.
import { writeFileSync } from 'node:fs';
import { type ProviderProfile, providerProfile } from '../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../lib/domain/oauth/provider-record.ts';
import { apiAddresses, apisCheckedOn, apisLeftOut, type ListedApi } from '../lib/providers/catalogue/api-addresses.ts';
import { factsLeftUnset, providerLimits, providersLeftOut } from '../lib/providers/catalogue/gaps.ts';
import { catalogueProviders } from '../lib/providers/catalogue.ts';

const HEAD = `# OAuth providers

Made from \`lib/providers/catalogue\` by \`node scripts/write-providers.ts\`. A fact stands there when the vendor's
documentation says it or two independent public sources do. An entry in \`oauth-clients\` with the name of a provider
enables it and overrides any field.

- **PKCE**: S256 is sent, also where it is not known to be understood; *not sent* only where it does harm.
- **Refresh**: what becomes of a refresh token, where one is given, with its use. *rotates*: it is spent; *stays*;
  *rotates?*: not known, taken as rotating.
- **Account**: where the account's id comes from; without one, a new connection is never merged into an existing credential by itself.
- **Variables**: to be given when a connection starts, unless they have a default.`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const rotation = ({ rotatesRefreshTokens }: ProviderRecord): string =>
  rotatesRefreshTokens === undefined ? 'rotates?' : rotatesRefreshTokens ? 'rotates' : 'stays';

const account = ({ identityEndpoint, identityIdPath }: ProviderProfile): string => {
  if (identityIdPath === null) return '–';
  return `${identityEndpoint === null ? 'token reply' : 'endpoint'}, \`${identityIdPath}\``;
};

const variables = ({ templateVariables }: ProviderProfile): string =>
  Object.entries(templateVariables)
    .map(([name, variable]) => `\`${name}\`${variable.default === undefined ? '' : ` (${variable.default})`}`)
    .join(', ') || '–';

const fields = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const secretMark = ({ name, secret }: { name: string; secret?: boolean | undefined }): string =>
  `\`${name}\`${secret ? ' (secret)' : ''}`;

const apiRow = ([name, record]: [string, ProviderRecord]): string[] => {
  const { apiBaseUrl, apiHosts, keeps } = providerProfile(name, record);
  return [
    `\`${name}\``,
    apiBaseUrl === null ? '–' : `\`${apiBaseUrl}\``,
    fields(apiHosts) || '–',
    keeps.map(secretMark).join(', ') || '–',
  ];
};

const providerRow = ([name, record]: [string, ProviderRecord]): string[] => {
  const profile = providerProfile(name, record);
  return [
    `\`${name}\``,
    profile.displayName,
    profile.sendPkce ? 'sent' : 'not sent',
    profile.deviceAuthorizationEndpoint === null ? '–' : 'yes',
    profile.revocationStyle === 'none' ? '–' : `\`${profile.revocationStyle}\``,
    rotation(record),
    account(profile),
    variables(profile),
  ];
};

const listedRow = ([name, { apiBaseUrl, apiHosts }]: [string, ListedApi]): string[] => [
  `\`${name}\``,
  apiBaseUrl === null ? '–' : `\`${apiBaseUrl}\``,
  fields(apiHosts) || '–',
];

const aliases = (rules: Readonly<Record<string, string>> = {}): string =>
  Object.entries(rules)
    .map(([asked, granted]) => `\`${asked}\` = \`${granted}\``)
    .join(', ') || '–';

/** The providers that relate scopes in a way of their own. */
const listScopes = (): string[][] =>
  [...catalogueProviders]
    .filter(
      ([, { scopeAliases, scopeImplies, scopesNotReported }]) => scopeAliases ?? scopeImplies ?? scopesNotReported,
    )
    .map(([name, { scopeAliases, scopeImplies, scopesNotReported }]) => [
      `\`${name}\``,
      aliases(scopeAliases),
      fields(Object.keys(scopeImplies ?? {})) || '–',
      scopesNotReported === undefined ? 'default' : fields(scopesNotReported) || '–',
    ]);

const sentences = (lines: Readonly<Record<string, string>>): string =>
  Object.entries(lines)
    .map(([name, text]) => `- \`${name}\`: ${text}`)
    .join('\n');

/** The text of docs/providers.md. */
export const providersPage = (): string =>
  [
    HEAD,
    `## The ${catalogueProviders.size}`,
    table(
      ['name', 'provider', 'PKCE', 'device flow', 'revocation', 'refresh', 'account', 'variables'],
      [...catalogueProviders].map(providerRow),
    ),
    '## What comes with a grant',
    `What \`baseUrl\` answers, where the token may be sent besides, and what the credential shows as \`data\` beside its variables.
Braces stand for a variable or a kept value. Sources: \`lib/providers/catalogue/oauth-apis.ts\`.`,
    table(['name', 'base URL', 'other hosts', 'kept'], [...catalogueProviders].map(apiRow)),
    '## APIs',
    `Where the keys of system credentials may be sent, and what \`baseUrl\` answers. Each has two sources, named in
\`lib/providers/catalogue/api-addresses.ts\` and last read on ${apisCheckedOn}. Left out: ${fields(apisLeftOut)}, whose server is the
user's own.`,
    table(['provider', 'base URL', 'other hosts'], Object.entries(apiAddresses).map(listedRow)),
    '## Scopes',
    `Where a provider answers other scopes than were requested; \`lib/providers/catalogue/scope-facts.ts\` has all and their sources.
\`{x}\` stands for any text. By default \`openid\`, \`offline_access\`, \`profile\` and \`email\` count as granted, unless an answer
names one of them.`,
    table(['provider', 'requested = granted', 'contain others', 'not reported'], listScopes()),
    '## Limits',
    sentences(providerLimits),
    '## Facts left unset',
    'Sources disagree, are old, or only one speaks. The default of each field applies.',
    Object.entries(factsLeftUnset)
      .map(([name, names]) => `- \`${name}\`: ${fields(names)}`)
      .join('\n'),
    '## Left out',
    sentences(providersLeftOut),
  ]
    .join('\n\n')
    .concat('\n');

if (import.meta.main) writeFileSync('docs/providers.md', providersPage());
