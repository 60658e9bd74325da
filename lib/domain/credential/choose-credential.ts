// Chooses the credential for a call, the same one every time. The first class with any candidate decides: the user's own for the
// provider, the user's host-scoped for the URL, the operator's. A broken own credential never falls through to the operator's.

import { coversScopes, DEFAULT_SCOPE_RULES, type ScopeRules } from '../oauth/rules/scope-rules.ts';
import { matchesHost } from '../values/host-pattern.ts';
import { brokenReason } from './credential-view.ts';
import { byCreation, rowProvider, type SummaryRow } from './rows.ts';
import { type SystemCredential, systemCredentials } from './system-credentials.ts';

/** What a call needs: a provider, one credential or a URL, at least one of them; and the scopes the token must cover. */
export interface Wanted {
  provider?: string | undefined;
  credentialId?: string | undefined;
  url?: string | undefined;
  scopes: readonly string[];
  /** How the scopes of the provider relate; the defaults if it is not said. */
  rules?: ScopeRules | undefined;
}

const isHostScoped = (row: SummaryRow) => row.readable && row.credential.type === 'host_scoped';

const matchesUrl = (row: SummaryRow, url: string) =>
  row.readable && row.credential.host !== null && matchesHost(row.credential.host, url);

/** Whether a credential can serve the call: same provider, and for a host-scoped credential a matching URL. */
export const isCandidate = (row: SummaryRow, { provider, url }: Wanted): boolean => {
  if (provider !== undefined && rowProvider(row) !== provider) return false;
  return !isHostScoped(row) || url === undefined || matchesUrl(row, url);
};

/** Whether a credential covers the scopes. True for every type without scopes, and for a row that cannot be read. */
export const coversWanted = (
  row: SummaryRow,
  { scopes, rules = DEFAULT_SCOPE_RULES }: Pick<Wanted, 'scopes' | 'rules'>,
): boolean =>
  !row.readable || row.credential.type !== 'oauth2' || coversScopes(rules, row.credential.scopes ?? [], scopes);

const isActive = (row: SummaryRow, now: number) => row.readable && brokenReason(row.credential, now) === null;

/** Whether nothing could be chosen before the row but an earlier created one: it is a candidate, active, and covers the scopes. */
export const isBestFit = (row: SummaryRow, wanted: Wanted, now: number): boolean =>
  isCandidate(row, wanted) && coversWanted(row, wanted) && isActive(row, now);

/** As `isBestFit`, of a call by URL alone: it is host-scoped, matches the URL, and active. */
export const isBestFitByUrl = (row: SummaryRow, url: string, now: number): boolean =>
  isHostScoped(row) && matchesUrl(row, url) && isActive(row, now);

/** Credentials that cover the scopes first, then active ones, then the earliest created. */
const best = <R extends SummaryRow>(candidates: R[], wanted: Wanted, now: number): R | undefined =>
  candidates
    .map((row) => ({ row, covers: Number(coversWanted(row, wanted)), active: Number(isActive(row, now)) }))
    .toSorted((a, b) => b.covers - a.covers || b.active - a.active || byCreation(a.row, b.row))[0]?.row;

/** The user's own credential for a call, undefined if none is a candidate. `now` in epoch milliseconds. */
export const chooseOwn = <R extends SummaryRow>(rows: R[], wanted: Wanted, now: number): R | undefined => {
  const { provider, url } = wanted;
  const forProvider = provider === undefined ? [] : rows.filter((row) => isCandidate(row, wanted));
  if (forProvider.length > 0) return best(forProvider, wanted, now);
  const forUrl = url === undefined ? [] : rows.filter((row) => isHostScoped(row) && matchesUrl(row, url));
  return best(forUrl, wanted, now);
};

/** The operator's credential for a provider, configured or not; undefined if there is none. */
export const systemFor = (provider: string | undefined): SystemCredential | undefined =>
  systemCredentials.find((credential) => credential.provider === provider);
