// The single route table: every operation of the API once. Who may call it, what is sent and answered, and what its function may
// touch.
import { callbackRoutes } from './callback-routes.ts';
import { connectLinkRoutes } from './connect-link-routes.ts';
import { connectionRoutes } from './connection-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { managedCredentialRoutes } from './managed-credential-routes.ts';
import { movingRoutes } from './moving-routes.ts';
import { oauthStateRoutes } from './oauth-state-routes.ts';
import { nameFor, RUNTIME_PLANE, USER_PLANE } from './planes.ts';
import { clientMetadataRoutes } from './public/client-metadata-routes.ts';
import { pageRoutes } from './public/page-routes.ts';
import type { Route } from './route.ts';
import { serviceRoutes } from './service-routes.ts';
import { workerRoutes } from './worker-routes.ts';

/** By operation id. */
export const routeTable = {
  ...serviceRoutes,
  ...pageRoutes,
  ...clientMetadataRoutes,
  ...nameFor(USER_PLANE, credentialRoutes(USER_PLANE)),
  ...nameFor(USER_PLANE, connectionRoutes(USER_PLANE)),
  ...callbackRoutes,
  ...linkRoutes(),
  ...nameFor(RUNTIME_PLANE, credentialRoutes(RUNTIME_PLANE)),
  ...nameFor(RUNTIME_PLANE, connectionRoutes(RUNTIME_PLANE)),
  ...workerRoutes,
  ...connectLinkRoutes,
  ...oauthStateRoutes,
  ...managedCredentialRoutes,
  ...movingRoutes,
} satisfies Record<string, Route>;

/** The route table with its literal types, from which the types of the handlers are derived. */
export type RouteTable = typeof routeTable;
/** The id of a route: the operationId in the OpenAPI document. */
export type RouteId = keyof RouteTable;

/** The routes as a list, each with its id. */
export const routes: readonly (Route & { id: RouteId })[] = Object.entries(routeTable).map(([id, route]) => ({
  ...route,
  id: id as RouteId,
}));
