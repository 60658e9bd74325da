// The function of the user plane for connecting and disconnecting accounts. It calls providers, so it may open secrets.
import { connectApiDeps } from '../lib/container/connect-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { nameFor, USER_PLANE } from '../lib/http/routes/planes.ts';
import { connectionHandlers } from './handlers/connections.ts';
import { deleteHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('connect-api', () => {
  const deps = connectApiDeps();
  const handlers = nameFor(USER_PLANE, { ...connectionHandlers(deps), ...deleteHandlers(deps) });
  return { log: deps.log, handle: httpFunction('connect-api', handlers, deps) };
});
