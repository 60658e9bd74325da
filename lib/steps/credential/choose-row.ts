// Reads the user's own credential for a call, by provider or URL, with as few reads as its choice needs: one request where the
// provider's or the domain's first credential serves, however many the user has; else the index's rows, and the chosen one whole.
import { chooseOwn, isBestFit, isBestFitByUrl, type Wanted } from '../../domain/credential/choose-credential.ts';
import { type CredentialRow, rowId, rowResource, type SummaryRow } from '../../domain/credential/rows.ts';
import { hasPlainPath } from '../../domain/mcp/resource-url.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { findUrlDomain } from '../../domain/values/host-pattern.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface ChooseRow extends Wanted {
  userId: string;
}

type Chosen = CredentialRow | 'conflict' | undefined;

/** The row takes the place of its summary: it may have changed since, or show only now that it cannot be read. */
const replaceSummary = (rows: SummaryRow[], row: CredentialRow): SummaryRow[] =>
  rows.map((other) => (rowId(other) === rowId(row) ? row : other));

/** Chooses among the summaries, and reads the chosen row. Throws `store_busy` if the rows keep changing. */
const chooseAmong = async (
  { users, clock }: Pick<Deps, 'users' | 'clock'>,
  summaries: SummaryRow[],
  wanted: ChooseRow,
): Promise<Chosen> => {
  let rows = summaries;
  // Each read can show that another row must be chosen, and a row that stays as it is needs one read.
  for (let reads = 0; reads <= summaries.length; reads++) {
    const chosen = chooseOwn(rows, wanted, clock.now());
    if (chosen === undefined) return undefined;
    const row = await users.readCredential(wanted.userId, rowId(chosen));
    if (row === null) return 'conflict';
    rows = replaceSummary(rows, row);
    if (chooseOwn(rows, wanted, clock.now()) === row) return row;
  }
  throw new ServiceError('store_busy');
};

const chooseForProvider = async (
  deps: Pick<Deps, 'users' | 'clock'>,
  provider: string,
  wanted: ChooseRow,
): Promise<Chosen> => {
  const first = await deps.users.readFirst(wanted.userId, { kind: 'provider', provider });
  if (first.kind === 'none') return undefined;
  if (first.kind === 'row' && isBestFit(first.row, wanted, deps.clock.now())) return first.row;
  return chooseAmong(deps, await deps.users.readSummaries(wanted.userId, { kind: 'provider', provider }), wanted);
};

/**
 * A URL that a server could read as another path than it shows is covered by no MCP server. Throws `url_not_allowed` where the user has
 * one of the domain, and the call names no provider.
 */
const assertReadable = (rows: readonly SummaryRow[], url: string, { provider }: ChooseRow): void => {
  const isHidden = provider === undefined && !hasPlainPath(url) && rows.some((row) => rowResource(row) !== null);
  if (isHidden) throw new ServiceError('url_not_allowed');
};

const chooseForUrl = async (deps: Pick<Deps, 'users' | 'clock'>, url: string, wanted: ChooseRow): Promise<Chosen> => {
  const domain = findUrlDomain(url);
  if (domain === null) return undefined;
  const range = { kind: 'url', domain } as const;
  const first = await deps.users.readFirst(wanted.userId, range);
  if (first.kind === 'none') return undefined;
  if (first.kind === 'row' && isBestFitByUrl(first.row, { ...wanted, url }, deps.clock.now())) return first.row;
  const rows = await deps.users.readSummaries(wanted.userId, range);
  const chosen = await chooseAmong(deps, rows, wanted);
  if (chosen === undefined) assertReadable(rows, url, wanted);
  return chosen;
};

/**
 * The user's own row for a call without a credential id; undefined if none is a candidate. 'conflict' when the chosen row was
 * deleted meanwhile and the choice must be made again. Throws `store_busy`, `store_unavailable`.
 */
export const chooseRow = async (deps: Pick<Deps, 'users' | 'clock'>, wanted: ChooseRow): Promise<Chosen> => {
  const { provider, url } = wanted;
  const own = provider === undefined ? undefined : await chooseForProvider(deps, provider, wanted);
  if (own !== undefined || url === undefined) return own;
  return chooseForUrl(deps, url, wanted);
};
