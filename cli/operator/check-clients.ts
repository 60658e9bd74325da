// Checks the operator's OAuth clients with the schema and the rules of the service.
import { readOperatorProvider } from '../../lib/adapters/secrets/operator-provider.ts';
import { OperatorProvider } from '../../lib/domain/oauth/provider-record.ts';
import { fillSample } from '../../lib/domain/oauth/url-template.ts';
import { checkOutboundUrl } from '../../lib/domain/values/outbound-url.ts';
import { findCatalogueProvider } from '../../lib/providers/catalogue.ts';
import { type Finding, parseSecret } from './finding.ts';

type Policy = Parameters<typeof checkOutboundUrl>[1];

const REQUIRED = ['authorizationEndpoint', 'tokenEndpoint'];

const isUrlField = (name: string): boolean => name.endsWith('Endpoint') || name === 'apiBaseUrl' || name === 'issuer';

const wrong = (entry: string, detail: string): Finding => ({ entry, state: 'wrong', detail });

const checkSchema = (provider: string, entry: unknown): Finding[] => {
  const parsed = OperatorProvider.safeParse(entry);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => wrong([provider, ...path.map(String)].join('.'), message));
};

const checkUrls = (provider: string, entry: object, allows: (url: string) => boolean): Finding[] =>
  Object.entries(entry)
    .filter(([name, value]) => isUrlField(name) && typeof value === 'string' && !allows(fillSample(value)))
    .map(([name]) => wrong(`${provider}.${name}`, 'may not be called: in the cloud, a public https address is needed'));

const checkRequired = (provider: string, entry: object): Finding[] => {
  if (findCatalogueProvider(provider) !== undefined || 'issuer' in entry) return [];
  return REQUIRED.filter((name) => !(name in entry)).map((name) =>
    wrong(`${provider}.${name}`, 'is missing, and the catalogue has no such provider'),
  );
};

const checkEntry = (provider: string, entry: unknown, allows: (url: string) => boolean): Finding[] => {
  const schema = checkSchema(provider, entry);
  if (schema.length > 0 || typeof entry !== 'object' || entry === null) return schema;
  const found = [...checkUrls(provider, entry, allows), ...checkRequired(provider, entry)];
  if (found.length > 0) return found;
  if (readOperatorProvider(provider, entry, allows) === null) {
    return [wrong(provider, 'does not fit together: look at the variables, kept values and endpoints it names')];
  }
  const isKnown = findCatalogueProvider(provider) !== undefined;
  const detail = isKnown ? 'in the catalogue' : 'a provider of your own';
  return [{ entry: provider, state: 'ok', detail }];
};

/** What is right and wrong with the text of the secret `oauth-clients`. */
export const checkClients = (text: string, policy: Policy): Finding[] => {
  const parsed = parseSecret(text);
  if (parsed.kind === 'wrong') return [parsed.finding];
  const { document } = parsed;
  const allows = (url: string) => checkOutboundUrl(url, policy) !== null;
  return Object.entries(document).flatMap(([provider, entry]) => checkEntry(provider, entry, allows));
};
