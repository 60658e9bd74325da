// The function of the user plane for everyday requests. It can seal a user's secret and can never open one.
import { userApiDeps } from '../lib/container/user-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { credentialRoutes } from '../lib/http/routes/credential-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { nameFor, USER_PLANE } from '../lib/http/routes/planes.ts';
import { serviceRoutes } from '../lib/http/routes/service-routes.ts';
import { credentialHandlers, viewHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { serviceHandlers } from './handlers/service.ts';

const routes = selectRoutes('user-api', {
  ...serviceRoutes,
  ...nameFor(USER_PLANE, credentialRoutes(USER_PLANE)),
});

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('user-api', () => {
  const deps = userApiDeps();
  const handlers = {
    ...serviceHandlers(deps),
    ...nameFor(USER_PLANE, { ...credentialHandlers(deps, USER_PLANE), ...viewHandlers(deps) }),
  };
  return { log: deps.log, handle: httpFunction(routes, handlers, deps) };
});
