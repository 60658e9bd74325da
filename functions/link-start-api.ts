// The function of the link plane that starts connections. It can open no stored secret and refreshes no token.
import { linkStartApiDeps } from '../lib/container/link-start-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { linkStartRoutes } from '../lib/http/routes/link-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { LINK_PLANE, nameFor } from '../lib/http/routes/planes.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { linkFinder } from './handlers/links.ts';
import { startByLinkHandlers } from './handlers/start-by-link.ts';

const routes = selectRoutes('link-start-api', linkStartRoutes());

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('link-start-api', () => {
  const deps = linkStartApiDeps();
  const handlers = nameFor(LINK_PLANE, startByLinkHandlers(deps));
  return { log: deps.log, handle: httpFunction(routes, handlers, { ...deps, findLink: linkFinder(deps) }) };
});
