// The reviewed OAuth providers. Each fact in a record comes from the vendor's documentation or from two independent public
// sources; other facts are left unset. `docs/providers.md` shows the providers and lists what is missing and why.
import type { ProviderRecord } from '../domain/oauth/provider-record.ts';
import { businessProviders } from './catalogue/business.ts';
import { deadGrantFacts } from './catalogue/dead-grants.ts';
import { developerProviders } from './catalogue/developers.ts';
import { oauthApis } from './catalogue/oauth-apis.ts';
import { revocationFacts } from './catalogue/revocations.ts';
import { scopeFacts } from './catalogue/scope-facts.ts';
import { socialProviders } from './catalogue/social.ts';
import { workplaceProviders } from './catalogue/workplace.ts';

const groups: readonly Record<string, ProviderRecord>[] = [
  businessProviders,
  developerProviders,
  socialProviders,
  workplaceProviders,
];

/** Records by provider name, sorted by name. */
export const catalogueProviders: ReadonlyMap<string, ProviderRecord> = new Map(
  groups
    .flatMap((group) => Object.entries(group))
    .map(([name, record]): [string, ProviderRecord] => [
      name,
      { ...record, ...oauthApis[name], ...scopeFacts[name], ...deadGrantFacts[name], ...revocationFacts[name] },
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The record with exactly this name; there are no aliases. */
export const findCatalogueProvider = (name: string): ProviderRecord | undefined => catalogueProviders.get(name);
