// Chooses the credential for a call, the same one every time. The first class with any candidate decides: the user's own for the
// provider, the user's whose MCP server covers the URL, the user's host-scoped for the URL, the operator's. A broken own credential
// never falls through to the operator's.

import { coversUrl } from '../mcp/resource-url.ts';
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

const isMcp = (row: SummaryRow) => row.readable && row.credential.resource !== null;

const coversResource = (row: SummaryRow, url: string) =>
  row.readable && row.credential.resource !== null && coversUrl(row.credential.resource, url);

const readDepth = (url: string): number => (URL.parse(url)?.pathname ?? '').replace(/\/$/, '').length;

const resourceDepth = (row: SummaryRow): number =>
  row.readable && row.credential.resource !== null ? readDepth(row.credential.resource) : -1;

/** Whether no server below this one could cover the URL too. */
const isInnermost = (row: SummaryRow, url: string | undefined): boolean =>
  !isMcp(row) || url === undefined || resourceDepth(row) === readDepth(url);

/** Where one MCP server is below another, a URL that both cover is the inner one's. */
const keepInnermost = <R extends SummaryRow>(candidates: R[]): R[] => {
  const deepest = Math.max(...candidates.map(resourceDepth));
  return candidates.filter((row) => !isMcp(row) || resourceDepth(row) === deepest);
};

/** The token of one MCP server must not be answered for another: without a URL only the id names a server. */
const isCandidateForServer = (row: SummaryRow, { credentialId, url }: Wanted): boolean =>
  credentialId !== undefined || (url !== undefined && coversResource(row, url));

/**
 * Whether a credential can serve the call: same provider, for a host-scoped credential a matching URL, and for one of an MCP server
 * its id or a URL that the server covers.
 */
export const isCandidate = (row: SummaryRow, wanted: Wanted): boolean => {
  const { provider, url } = wanted;
  if (provider !== undefined && rowProvider(row) !== provider) return false;
  if (isMcp(row)) return isCandidateForServer(row, wanted);
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
  isCandidate(row, wanted) && coversWanted(row, wanted) && isActive(row, now) && isInnermost(row, wanted.url);

/**
 * As `isBestFit`, of a call by URL alone: it is active and host-scoped and matches the URL, or its MCP server covers the URL and it covers
 * the scopes. Of a host-scoped one, only where the user has none of an MCP server at the domain.
 */
export const isBestFitByUrl = (row: SummaryRow, { url, ...wanted }: Wanted & { url: string }, now: number): boolean =>
  (isMcp(row) ? coversResource(row, url) && coversWanted(row, wanted) : isHostScoped(row) && matchesUrl(row, url)) &&
  isInnermost(row, url) &&
  isActive(row, now);

/** Credentials that cover the scopes first, then active ones, then the earliest created. */
const best = <R extends SummaryRow>(candidates: R[], wanted: Wanted, now: number): R | undefined =>
  keepInnermost(candidates)
    .map((row) => ({ row, covers: Number(coversWanted(row, wanted)), active: Number(isActive(row, now)) }))
    .toSorted((a, b) => b.covers - a.covers || b.active - a.active || byCreation(a.row, b.row))[0]?.row;

/** The user's own credential for a call, undefined if none is a candidate. `now` in epoch milliseconds. */
export const chooseOwn = <R extends SummaryRow>(rows: R[], wanted: Wanted, now: number): R | undefined => {
  const { provider, url } = wanted;
  const forProvider = provider === undefined ? [] : rows.filter((row) => isCandidate(row, wanted));
  if (forProvider.length > 0) return best(forProvider, wanted, now);
  const forServer = url === undefined ? [] : rows.filter((row) => coversResource(row, url));
  if (forServer.length > 0) return best(forServer, wanted, now);
  const forUrl = url === undefined ? [] : rows.filter((row) => isHostScoped(row) && matchesUrl(row, url));
  return best(forUrl, wanted, now);
};

/** The operator's credential for a provider, configured or not; undefined if there is none. */
export const systemFor = (provider: string | undefined): SystemCredential | undefined =>
  systemCredentials.find((credential) => credential.provider === provider);
