// The routes of one function. It names the modules that they come from, so that its bundle has no schemas of other functions.
import { type FunctionName, type Route, routeKey } from './route.ts';
import type { RouteId, RouteTable } from './routes.ts';

/** The ids of the routes of a function. */
export type FunctionRoutes<F extends FunctionName> = {
  [K in RouteId]: RouteTable[K]['function'] extends F ? K : never;
}[RouteId];

/** The routes of the function `name`, by their keys in events of API Gateway. */
export interface OwnRoutes<F extends FunctionName = FunctionName> {
  name: F;
  byKey: ReadonlyMap<string, Route & { id: string }>;
}

/** Selects the routes of a function. It compiles only with all of them; `routes` may have others. */
export const selectRoutes = <F extends FunctionName>(
  name: F,
  routes: Pick<RouteTable, FunctionRoutes<F>>,
): OwnRoutes<F> => {
  const own = Object.entries<Route>(routes).filter(([, route]) => route.function === name);
  return { name, byKey: new Map(own.map(([id, route]) => [routeKey(route), { ...route, id }])) };
};
