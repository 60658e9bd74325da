// The function of the user plane for completing connections and disconnecting accounts. It calls providers, so it may open secrets.
import { connectApiDeps } from '../lib/container/connect-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { finishRoutes } from '../lib/http/routes/connection-routes.ts';
import { credentialRoutes } from '../lib/http/routes/credential-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { nameFor, USER_PLANE } from '../lib/http/routes/planes.ts';
import { checkHandlers } from './handlers/checks.ts';
import { finishHandlers } from './handlers/connections.ts';
import { deleteHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';

const routes = selectRoutes('connect-api', {
  ...nameFor(USER_PLANE, credentialRoutes(USER_PLANE)),
  ...nameFor(USER_PLANE, finishRoutes(USER_PLANE)),
});

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('connect-api', () => {
  const deps = connectApiDeps();
  const handlers = nameFor(USER_PLANE, {
    ...finishHandlers(deps),
    ...deleteHandlers(deps),
    ...checkHandlers(deps),
  });
  return { log: deps.log, meter: deps.meter, handle: httpFunction(routes, handlers, deps) };
});
