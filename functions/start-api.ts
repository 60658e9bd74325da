// The function of the user plane that starts connections. It can open no stored secret and refreshes no token.
import { startApiDeps } from '../lib/container/start-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { startRoutes } from '../lib/http/routes/connection-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { nameFor, USER_PLANE } from '../lib/http/routes/planes.ts';
import { startHandlers } from './handlers/connections.ts';
import { entryPoint } from './handlers/entry-point.ts';

const routes = selectRoutes('start-api', nameFor(USER_PLANE, startRoutes(USER_PLANE)));

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('start-api', () => {
  const deps = startApiDeps();
  return { log: deps.log, handle: httpFunction(routes, nameFor(USER_PLANE, startHandlers(deps)), deps) };
});
