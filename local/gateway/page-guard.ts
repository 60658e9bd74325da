// Which web pages may send a request to the gateway: its own; the pages of ALLOWED_ORIGINS on the user plane and at the token
// route; and any page at the callback, where a provider posts its form. Programs send no Origin, and neither does a link.
import type { IncomingMessage } from 'node:http';
import { CALLBACK_PATH } from '../../lib/platform.ts';
import type { Cors } from '../http/cors.ts';
import { hasOwnOrigin } from '../http/loopback.ts';
import { TOKEN_PATH } from '../local-routes/local-routes.ts';
import { readPath } from './request-path.ts';
import { type GatewayRoute, makeMatcher } from './route-match.ts';

/** Whether a request may come from the page that its Origin header names. */
export type PageGuard = (request: IncomingMessage) => boolean;

/** Makes the guard. A preflight has no route of its own: it is for any method of the path. */
export const makePageGuard = (routes: readonly GatewayRoute[], cors: Cors): PageGuard => {
  const methods = [...new Set(routes.map(({ method }) => method))];
  const findRoute = makeMatcher(routes.filter(({ plane }) => plane === 'user'));
  const isForFrontEnds = (path: string): boolean =>
    path === TOKEN_PATH || methods.some((method) => findRoute(method, path) !== undefined);
  return (request) => {
    if (hasOwnOrigin(request)) return true;
    const path = readPath(request.url ?? '')?.path ?? '';
    const isFormPost = request.method === 'POST' && path === CALLBACK_PATH;
    return isFormPost || (cors.allows(request.headers.origin) && isForFrontEnds(path));
  };
};
