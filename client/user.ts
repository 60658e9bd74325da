// The client of an end user, for browsers and servers: every route of the user plane, authorized by the application's own token.
import { type UserRoutes, userRoutes } from './generated/routes.ts';
import { readServiceUrl } from './service-url.ts';
import { makeMethods } from './transport/call.ts';

/** How an end user's client reaches the service. */
export interface UserSettings {
  /** The address of the service. From a browser, the page's origin must be one of `ALLOWED_ORIGINS`. */
  url: string;
  /** The user's token (JWT) of the application's identity provider. Called for every attempt, so it may return a new one. */
  token: () => string | Promise<string>;
  /** How long after its beginning one call may be repeated, in milliseconds. Default 10,000; 0: no call is repeated. */
  maxWaitMilliseconds?: number | undefined;
  /** Replaces `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** The client of an end user. No answer has a secret. */
export interface UserClient extends UserRoutes {}

const DEFAULT_WAIT_MILLISECONDS = 10_000;

/** Makes the client of an end user. Nothing is called until a method is. Throws `TypeError` for a wrong setting. */
export const createUserClient = ({ url, token, maxWaitMilliseconds, fetch }: UserSettings): UserClient =>
  makeMethods<UserRoutes>(
    {
      baseUrl: readServiceUrl(url),
      authorize: async ({ headers }) => ({ ...headers, authorization: `Bearer ${await token()}` }),
      fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
      maxWaitMilliseconds: maxWaitMilliseconds ?? DEFAULT_WAIT_MILLISECONDS,
    },
    userRoutes,
  );
