// Requests by a connect link, and from each to the real operations: the link is found and claimed as the chain does it, before what
// the request is for.
import type { LinkUse } from '../../../../lib/domain/link/connect-link.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { createConnectLink } from '../../../../lib/operations/link/create-connect-link.ts';
import { claimLink, findLink } from '../../../../lib/operations/link/open-link.ts';

/** The link that a request comes by, and the secret of the browser that sends it. */
export interface ByLink {
  token: string;
  browser: string;
}

/** A worker makes a link. */
export interface MakeLink {
  kind: 'makeLink';
  userId: string;
  manage: boolean;
  expiresInSeconds: number;
}

/** What the worker gives the user. */
export interface MadeLink {
  token: string;
  expiresAt: number;
}

export const makeLink = async (deps: Deps, { kind: _, ...request }: MakeLink): Promise<MadeLink> => {
  const { url, expiresAt } = await createConnectLink(deps, request);
  return { token: new URL(url).hash.slice(1), expiresAt };
};

/** Opens the link of a request, if it has one, and does the work by it. */
export const withLink = async <T>(
  deps: Deps,
  byLink: ByLink | undefined,
  work: (link: LinkUse | undefined) => Promise<T>,
): Promise<T> => {
  if (byLink === undefined) return work(undefined);
  const found = await findLink(deps, byLink);
  if (found.isFree) await claimLink(deps, found);
  return work(found.use);
};
