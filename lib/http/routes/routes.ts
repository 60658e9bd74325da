// The single route table. Whatever the service can be asked stands here once: who may ask, what is sent and answered, and
// what the function that serves it may touch.
import type { Route } from './route.ts';
import { runtimeConnections } from './runtime-connections.ts';
import { runtimeCredentials } from './runtime-credentials.ts';
import { runtimeUsers } from './runtime-users.ts';
import { userConnections } from './user-connections.ts';
import { userCredentials } from './user-credentials.ts';

export const routeTable = {
  ...userCredentials,
  ...userConnections,
  ...runtimeCredentials,
  ...runtimeConnections,
  ...runtimeUsers,
} satisfies Record<string, Route>;

export type RouteTable = typeof routeTable;
export type RouteId = keyof RouteTable;

export const routes: readonly (Route & { id: RouteId })[] = Object.entries(routeTable).map(([id, route]) => ({
  ...route,
  id: id as RouteId,
}));

/** How API Gateway names a route in an event. */
export const routeKey = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
