// The function of the link plane for what a page shows and stores. It can seal a user's secret and can never open one.
import { linkApiDeps } from '../lib/container/link-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { linkCredentialRoutes } from '../lib/http/routes/link-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { LINK_PLANE, nameFor } from '../lib/http/routes/planes.ts';
import { linkViewHandlers, storeByLinkHandlers } from './handlers/by-link.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { linkFinder } from './handlers/links.ts';

const routes = selectRoutes('link-api', linkCredentialRoutes());

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('link-api', () => {
  const deps = linkApiDeps();
  const handlers = { ...linkViewHandlers(deps), ...nameFor(LINK_PLANE, storeByLinkHandlers(deps, LINK_PLANE)) };
  return { log: deps.log, handle: httpFunction(routes, handlers, { ...deps, findLink: linkFinder(deps) }) };
});
