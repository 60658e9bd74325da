// The function of the runtime plane, for trusted workers: the only one that answers secrets.
import { runtimeApiDeps } from '../lib/container/runtime-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { RUNTIME_PLANE } from '../lib/http/routes/planes.ts';
import { connectionHandlers, oauthStateHandlers } from './handlers/connections.ts';
import { credentialHandlers, deleteHandlers, secretHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { managedCredentialHandlers, workerHandlers } from './handlers/users.ts';

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('runtime-api', () => {
  const deps = runtimeApiDeps();
  const handlers = {
    ...workerHandlers(deps),
    ...credentialHandlers(deps, RUNTIME_PLANE),
    ...secretHandlers(deps),
    ...deleteHandlers(deps),
    ...connectionHandlers(deps),
    ...oauthStateHandlers(deps),
    ...managedCredentialHandlers(deps),
  };
  return { log: deps.log, meter: deps.meter, handle: httpFunction('runtime-api', handlers, deps) };
});
