// The function of the runtime plane that starts connections, for trusted workers. It can open no stored secret and refreshes no token.
import { runtimeStartApiDeps } from '../lib/container/runtime-start-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { startRoutes } from '../lib/http/routes/connection-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { nameFor, RUNTIME_PLANE } from '../lib/http/routes/planes.ts';
import { startHandlers } from './handlers/connections.ts';
import { entryPoint } from './handlers/entry-point.ts';

const routes = selectRoutes('runtime-start-api', nameFor(RUNTIME_PLANE, startRoutes(RUNTIME_PLANE)));

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('runtime-start-api', () => {
  const deps = runtimeStartApiDeps();
  return { log: deps.log, handle: httpFunction(routes, nameFor(RUNTIME_PLANE, startHandlers(deps)), deps) };
});
