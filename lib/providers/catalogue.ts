// The reviewed OAuth providers by name: every fact in a record is said by the vendor's documentation or by two independent
// public sources, and what is not is left out. `docs/providers.md` shows them, and lists what is missing and why.
import type { ProviderRecord } from '../domain/oauth/provider-record.ts';
import { businessProviders } from './catalogue/business.ts';
import { developerProviders } from './catalogue/developers.ts';
import { socialProviders } from './catalogue/social.ts';
import { workplaceProviders } from './catalogue/workplace.ts';

const groups: readonly Record<string, ProviderRecord>[] = [
  businessProviders,
  developerProviders,
  socialProviders,
  workplaceProviders,
];

export const catalogueProviders: ReadonlyMap<string, ProviderRecord> = new Map(
  groups.flatMap((group) => Object.entries(group)).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The record of exactly that name; there are no aliases. */
export const findCatalogueProvider = (name: string): ProviderRecord | undefined => catalogueProviders.get(name);
