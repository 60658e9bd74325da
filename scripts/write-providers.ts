// Writes docs/providers.md from the catalogue; a test fails when it is not current.
import { writeFileSync } from 'node:fs';
import { type ProviderProfile, providerProfile } from '../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../lib/domain/oauth/provider-record.ts';
import type { TemplateVariables } from '../lib/domain/oauth/url-template.ts';
import { checksUnknown, factsLeftUnset, providerLimits, providersLeftOut } from '../lib/providers/catalogue/gaps.ts';
import type { KeyProvider } from '../lib/providers/catalogue/key-provider.ts';
import { catalogueProviders } from '../lib/providers/catalogue.ts';
import { apisLeftOut, keyProviders } from '../lib/providers/key-catalogue.ts';
import { type Answer, type Answers, allAnswers, countKnown, questions } from './provider-answers.ts';

const HEAD = `# Providers

Made from \`lib/providers/catalogue\` by \`npm run providers\`. A fact stands there when the vendor's documentation says it or two
independent public sources do. An entry in \`oauth-clients\` with the name of a provider enables it and overrides any field.

## Five questions

How a credential is connected, renewed, called with, checked and ended. A link is a source, and the last column says when the
sources were read; those of an OAuth record are the pages read for it as a whole. *unknown*: no source is on record that answers,
or sources disagree. A field of the record that has no source here is used all the same.

- **Connect**: what is needed of the person. **Renew**: *spent* or *kept* says what becomes of a refresh token with its use.
- **Call**: the base URL of the API. **Check**: the call that \`…/check\` makes. **End**: how a grant or key is revoked.`;

const OAUTH_HEAD = `- **PKCE**: S256 is sent, also where it is not known to be understood; *not sent* only where it does harm.
- **Revocation**: the style of the request. *account*: it ends all that the account has granted, so nothing is revoked while the user has
  another credential of it.
- **Refresh**: what becomes of a refresh token, where one is given, with its use. *rotates*: it is spent; *stays*;
  *rotates?*: not known, taken as rotating.
- **Account**: where the account's id comes from; without one, a new connection is never merged into an existing credential by itself.
- **Variables**: to be given when a connection starts, unless they have a default.`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const rotation = ({ rotatesRefreshTokens }: ProviderRecord): string =>
  rotatesRefreshTokens === undefined ? 'rotates?' : rotatesRefreshTokens ? 'rotates' : 'stays';

const revocation = ({ revocationStyle, revocationEndsAccount }: ProviderProfile): string =>
  revocationStyle === 'none' ? '–' : `\`${revocationStyle}\`${revocationEndsAccount ? ', account' : ''}`;

const account = ({ identityEndpoint, identityIdPath }: ProviderProfile): string => {
  if (identityIdPath === null) return '–';
  return `${identityEndpoint === null ? 'token reply' : 'endpoint'}, \`${identityIdPath}\``;
};

const variables = (templateVariables: TemplateVariables): string =>
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
    revocation(profile),
    rotation(record),
    account(profile),
    variables(profile.templateVariables),
  ];
};

const keyRow = ([name, { apiHosts = [], templateVariables = {} }]: [string, KeyProvider]): string[] => [
  `\`${name}\``,
  fields(apiHosts) || '–',
  variables(templateVariables),
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
const link = (source: string, index: number): string =>
  source.startsWith('https://') ? `[${index + 1}](${source})` : `(${source})`;

const answerCell = (answer: Answer | null): string =>
  answer === null ? 'unknown' : `${answer.text} ${answer.sources.map(link).join(' ')}`;

const answerRow = ([name, answers]: [string, Answers]): string[] => {
  const days = questions.flatMap((question) => answers[question]?.readOn ?? []);
  return [`\`${name}\``, ...questions.map((question) => answerCell(answers[question])), [...new Set(days)].join(', ')];
};

const answerTable = (records: ReadonlyMap<string, Answers>): string =>
  table(['name', ...questions, 'read'], [...records].map(answerRow));

const figures = ({ oauth, keys }: ReturnType<typeof allAnswers>): string =>
  table(
    ['answered', `of ${oauth.size} OAuth records`, `of ${keys.size} APIs with keys`, 'of all'],
    questions.map((question) => {
      const [grants, held] = [countKnown(oauth.values(), question), countKnown(keys.values(), question)];
      return [question, `${grants}`, `${held}`, `${grants + held}`];
    }),
  );

const sentences = (lines: Readonly<Record<string, string>>): string =>
  Object.entries(lines)
    .map(([name, text]) => `- \`${name}\`: ${text}`)
    .join('\n');

/** The text of docs/providers.md. */
export const providersPage = (): string =>
  [
    HEAD,
    figures(allAnswers()),
    '### OAuth',
    answerTable(allAnswers().oauth),
    '### Keys and passwords',
    answerTable(allAnswers().keys),
    '### Checks unknown',
    'Why no call is known that tells a good key from a bad one. The check of such a key answers `unknown`.',
    sentences(checksUnknown),
    `## The ${catalogueProviders.size} OAuth providers`,
    OAUTH_HEAD,
    table(
      ['name', 'provider', 'PKCE', 'device flow', 'revocation', 'refresh', 'account', 'variables'],
      [...catalogueProviders].map(providerRow),
    ),
    '## What comes with a grant',
    `What \`baseUrl\` answers, where the token may be sent besides, and what the credential shows as \`data\` beside its variables.
Braces stand for a variable or a kept value. Sources: \`lib/providers/catalogue/oauth-apis.ts\`.`,
    table(['name', 'base URL', 'other hosts', 'kept'], [...catalogueProviders].map(apiRow)),
    '## Hosts and variables of keys',
    `Where the keys of a provider may be sent besides its base URL, and the variables that fill the URL. Left out: ${fields(apisLeftOut)},
whose server is the user's own.`,
    table(
      ['provider', 'other hosts', 'variables'],
      [...keyProviders].filter(([, { apiHosts, templateVariables }]) => apiHosts ?? templateVariables).map(keyRow),
    ),
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
