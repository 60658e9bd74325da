// The function of the runtime plane that moves users in and out. Its export answers all secrets of a user, so it has rights and a
// limit of its own; it deletes nothing and calls no provider.
import { movingApiDeps } from '../lib/container/moving-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { movingRoutes } from '../lib/http/routes/moving-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { movingHandlers } from './handlers/moving.ts';

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('moving-api', () => {
  const deps = movingApiDeps();
  return {
    log: deps.log,
    meter: deps.meter,
    handle: httpFunction(selectRoutes('moving-api', movingRoutes), movingHandlers(deps), deps),
  };
});
