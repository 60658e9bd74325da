// The function of the link plane for completing connections and disconnecting accounts. It calls providers, so it may open secrets.
import { linkConnectApiDeps } from '../lib/container/link-connect-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { linkCredentialRoutes, linkFinishRoutes } from '../lib/http/routes/link-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { LINK_PLANE, nameFor } from '../lib/http/routes/planes.ts';
import { connectByLinkHandlers } from './handlers/connect-by-link.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { linkFinder } from './handlers/links.ts';

const routes = selectRoutes('link-connect-api', { ...linkCredentialRoutes(), ...linkFinishRoutes() });

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('link-connect-api', () => {
  const deps = linkConnectApiDeps();
  const handlers = nameFor(LINK_PLANE, connectByLinkHandlers(deps));
  return {
    log: deps.log,
    meter: deps.meter,
    handle: httpFunction(routes, handlers, { ...deps, findLink: linkFinder(deps) }),
  };
});
