// The client of a page that was opened by a connect link: the link's token authorizes it, together with the cookie of its browser.
import { type LinkRoutes, linkRoutes } from './generated/routes.ts';
import { readServiceUrl } from './service-url.ts';
import { makeMethods } from './transport/call.ts';

/** How the page reaches the service. */
export interface LinkSettings {
  /** The address of the service. */
  url: string;
  /** The token in the fragment of the link. */
  token: string;
  /** How long one call may wait for a service that is busy, in milliseconds. Default 10,000; 0: no call is repeated. */
  maxWaitMilliseconds?: number | undefined;
  /** Replaces `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** The client of the browser that opened a connect link. No answer has a secret. */
export type LinkClient = LinkRoutes;

const DEFAULT_WAIT_MILLISECONDS = 10_000;

/** Makes the client of a connect link. Nothing is called until a method is. Throws `TypeError` for a wrong setting. */
export const createLinkClient = ({ url, token, maxWaitMilliseconds, fetch }: LinkSettings): LinkClient =>
  makeMethods<LinkRoutes>(
    {
      baseUrl: readServiceUrl(url),
      authorize: async ({ headers }) => ({ ...headers, authorization: `Link ${token}` }),
      fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
      maxWaitMilliseconds: maxWaitMilliseconds ?? DEFAULT_WAIT_MILLISECONDS,
      sendsCookies: true,
    },
    linkRoutes,
  );
