// The function of the user plane for everyday requests. It can seal a user's secret and can never open one.
import { userApiDeps } from '../lib/container/user-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { nameFor, USER_PLANE } from '../lib/http/routes/planes.ts';
import { credentialHandlers, viewHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { serviceHandlers } from './handlers/service.ts';

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('user-api', () => {
  const deps = userApiDeps();
  const handlers = {
    ...serviceHandlers(deps),
    ...nameFor(USER_PLANE, { ...credentialHandlers(deps, USER_PLANE), ...viewHandlers(deps) }),
  };
  return { log: deps.log, handle: httpFunction('user-api', handlers, deps) };
});
