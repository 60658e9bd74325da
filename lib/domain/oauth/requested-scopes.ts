// The scopes that a connection needs, and those that the authorization request names.
import { MAX_SCOPES_BYTES, scopesFit } from '../values/names.ts';
import { invalidRequest } from '../values/service-error.ts';
import type { ProviderProfile } from './provider-profile.ts';
import { ungrantedScopes } from './rules/scope-rules.ts';

/** The scopes of a new flow. `requested` is `wanted`, or a part of it where the provider adds scopes to those it granted. */
export interface RequestedScopes {
  /** The scopes that the new token must cover. */
  wanted: string[];
  /** The scopes in the authorization request. */
  requested: string[];
}

const distinct = (scopes: readonly string[]): string[] => [...new Set(scopes)];

/**
 * Named scopes replace the provider's defaults. An upgrade requests stored and new scopes, or only the new ones at a provider
 * with incremental scopes. `stored` is empty for a new connection. Throws `invalid_request` when all
 * scopes together are too long to store.
 */
export const requestedScopes = (
  profile: ProviderProfile,
  scopes: readonly string[] | undefined,
  stored: readonly string[],
): RequestedScopes => {
  const named = scopes?.length ? scopes : profile.defaultScopes;
  const refresh = profile.refreshTokenScope === null ? [] : [profile.refreshTokenScope];
  const wanted = distinct([...stored, ...named, ...refresh]);
  if (!scopesFit(wanted)) throw invalidRequest('#/scopes', `at most ${MAX_SCOPES_BYTES} bytes, with the stored ones`);
  const added = ungrantedScopes(profile, stored, wanted);
  return { wanted, requested: profile.incrementalScopes && added.length > 0 ? added : wanted };
};
