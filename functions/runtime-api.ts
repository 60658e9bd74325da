// The function of the runtime plane, for trusted workers: it answers the secrets of the credential asked for.
import { runtimeApiDeps } from '../lib/container/runtime-api.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { connectLinkRoutes } from '../lib/http/routes/connect-link-routes.ts';
import { finishRoutes } from '../lib/http/routes/connection-routes.ts';
import { credentialRoutes } from '../lib/http/routes/credential-routes.ts';
import { managedCredentialRoutes } from '../lib/http/routes/managed-credential-routes.ts';
import { oauthStateRoutes } from '../lib/http/routes/oauth-state-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { nameFor, RUNTIME_PLANE } from '../lib/http/routes/planes.ts';
import { workerRoutes } from '../lib/http/routes/worker-routes.ts';
import { checkHandlers } from './handlers/checks.ts';
import { finishHandlers, oauthStateHandlers } from './handlers/connections.ts';
import { credentialHandlers, deleteHandlers, secretHandlers } from './handlers/credentials.ts';
import { entryPoint } from './handlers/entry-point.ts';
import { connectLinkHandlers } from './handlers/links.ts';
import { managedCredentialHandlers, workerHandlers } from './handlers/users.ts';

const routes = selectRoutes('runtime-api', {
  ...nameFor(RUNTIME_PLANE, credentialRoutes(RUNTIME_PLANE)),
  ...nameFor(RUNTIME_PLANE, finishRoutes(RUNTIME_PLANE)),
  ...workerRoutes,
  ...connectLinkRoutes,
  ...oauthStateRoutes,
  ...managedCredentialRoutes,
});

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('runtime-api', () => {
  const deps = runtimeApiDeps();
  const handlers = {
    ...workerHandlers(deps),
    ...connectLinkHandlers(deps),
    ...credentialHandlers(deps, RUNTIME_PLANE),
    ...secretHandlers(deps),
    ...deleteHandlers(deps),
    ...checkHandlers(deps),
    ...finishHandlers(deps),
    ...oauthStateHandlers(deps),
    ...managedCredentialHandlers(deps),
  };
  return { log: deps.log, meter: deps.meter, handle: httpFunction(routes, handlers, deps) };
});
