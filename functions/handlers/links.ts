// Handlers of connect links: making one, and finding the one that a request came by.
import type { HeldLink } from '../../lib/domain/link/connect-link.ts';
import { linkInvalid } from '../../lib/domain/link/link-refusal.ts';
import { newStateToken } from '../../lib/domain/oauth/pkce.ts';
import type { CallLimit } from '../../lib/domain/ports/call-limit.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import { toWireTime } from '../../lib/domain/values/names.ts';
import { ServiceError } from '../../lib/domain/values/service-error.ts';
import { GatewayRefusal } from '../../lib/http/chain/gateway-refusal.ts';
import type { FindLink, LinkRequest } from '../../lib/http/chain/link-caller.ts';
import { isOwnPage, readLinkCookie, writeLinkCookie } from '../../lib/http/link-browser.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { type CreateConnectLink, createConnectLink } from '../../lib/operations/link/create-connect-link.ts';
import { claimLink, type FoundLink, findLink } from '../../lib/operations/link/open-link.ts';

/** Making links, for workers. */
export const connectLinkHandlers = (deps: Parameters<typeof createConnectLink>[0]) => ({
  createConnectLink: async ({
    userId,
    body,
  }: {
    userId: string;
    body: Omit<CreateConnectLink, 'userId'>;
  }): Promise<HandlerResult> => {
    const { url, expiresAt } = await createConnectLink(deps, { userId, ...body });
    return { status: 201, body: { url, expiresAt: toWireTime(expiresAt) } };
  },
});

type FindDeps = Pick<Deps, 'links' | 'clock' | 'random' | 'redirects'> & {
  /** Of the calls of one user. */
  userLimit: CallLimit;
};

/**
 * The cookie goes out with the answer to the first request, whatever that is: also when the claim may have been written and its
 * response was lost, or the browser would have lost its link. A browser that was not the first gets none.
 */
const claim = async (
  deps: FindDeps,
  found: FoundLink,
  { browser, request }: { browser: string; request: LinkRequest },
) => {
  request.setCookies([writeLinkCookie(deps.redirects.publicBaseUrl, browser)]);
  try {
    await claimLink(deps, found);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'link_invalid') request.setCookies([]);
    throw error;
  }
};

const countCall = (limit: CallLimit, { row: { userId } }: HeldLink): void => {
  const seconds = limit.take(userId);
  if (seconds > 0) throw new GatewayRefusal(429, 'Too Many Requests', seconds);
};

/** Finds the links of requests: each for the browser that used it first, on pages of the service itself. */
export const linkFinder =
  (deps: FindDeps): FindLink =>
  async (request) => {
    const { publicBaseUrl } = deps.redirects;
    if (!isOwnPage(publicBaseUrl, request.origin)) throw linkInvalid('other_origin');
    const browser = readLinkCookie(publicBaseUrl, request.cookies) ?? newStateToken(deps.random.bytes);
    const found = await findLink(deps, { token: request.token, browser });
    if (found.isFree) await claim(deps, found, { browser, request });
    countCall(deps.userLimit, found);
    return found;
  };
