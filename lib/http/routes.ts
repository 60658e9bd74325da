// The single route table. Whatever the service can be asked stands here once: who may ask, what is sent and answered, and
// what the function that serves it may touch.
import type { Route } from './route.ts';
import { runtimeRoutes } from './runtime-routes.ts';
import { userRoutes } from './user-routes.ts';

export const routeTable = { ...userRoutes, ...runtimeRoutes } satisfies Record<string, Route>;

export type RouteTable = typeof routeTable;
export type RouteId = keyof RouteTable;

export const routes: readonly (Route & { id: RouteId })[] = Object.entries(routeTable).map(([id, route]) => ({
  ...route,
  id: id as RouteId,
}));

/** How API Gateway names a route in an event. */
export const routeKey = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
