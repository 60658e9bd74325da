// Which scopes a connection is for, and which of them the provider is asked for.
import type { ProviderRecord } from './provider-record.ts';
import { missingScopes } from './scopes.ts';

export interface AskedScopes {
  /** What the new grant is to cover. */
  wanted: string[];
  /** What the provider is asked for. */
  requested: string[];
}

const distinct = (scopes: readonly string[]): string[] => [...new Set(scopes)];

/** Default scopes only when none are asked; an upgrade asks for the union, or only for what is new where that is enough. */
export const askedScopes = (
  record: ProviderRecord,
  scopes: readonly string[] | undefined,
  stored: readonly string[],
): AskedScopes => {
  const own = scopes?.length ? scopes : (record.defaultScopes ?? []);
  const refresh = record.refreshTokenScope === undefined ? [] : [record.refreshTokenScope];
  const wanted = distinct([...stored, ...own, ...refresh]);
  const added = missingScopes(stored, wanted);
  return { wanted, requested: record.incrementalScopes && added.length > 0 ? added : wanted };
};
