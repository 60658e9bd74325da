// A connect link in memory, opened as the chain opens it.
import type { HeldLink } from '../../../lib/domain/link/connect-link.ts';
import { type CreateConnectLink, createConnectLink } from '../../../lib/operations/link/create-connect-link.ts';
import { claimLink, findLink } from '../../../lib/operations/link/open-link.ts';
import { ALICE } from '../builders.ts';
import type { MemoryDeps } from './memory-deps.ts';

/** The token of a new link of alice. */
export const makeLink = async (deps: MemoryDeps, given: Partial<CreateConnectLink> = {}): Promise<string> =>
  new URL((await createConnectLink(deps, { userId: ALICE, ...given })).url).hash.slice(1);

/** Opens the link as one request of a browser; the first one claims it. */
export const openLinkAs = async (deps: MemoryDeps, token: string | null, browser = 'browser-1'): Promise<HeldLink> => {
  const found = await findLink(deps, { token, browser });
  if (found.isFree) await claimLink(deps, found);
  return found;
};
