// The planes: the names of their routes, and that they differ only by their settings.
import { describe, expect, it } from 'vitest';
import { connectionRoutes } from '../../../lib/http/routes/connection-routes.ts';
import { credentialRoutes } from '../../../lib/http/routes/credential-routes.ts';
import { nameFor, type PlaneSettings, RUNTIME_PLANE, USER_PLANE } from '../../../lib/http/routes/planes.ts';
import { type RouteId, routeTable } from '../../../lib/http/routes/routes.ts';

const allRoutes = (plane: PlaneSettings) => ({ ...credentialRoutes(plane), ...connectionRoutes(plane) });

describe('nameFor', () => {
  it('puts the owner after the verb', () => {
    expect(nameFor({ owner: 'My' }, { listCredentials: 1, startDeviceConnection: 2 })).toEqual({
      listMyCredentials: 1,
      startMyDeviceConnection: 2,
    });
  });

  it('leaves the names of a plane without an owner', () => {
    expect(nameFor(RUNTIME_PLANE, { addCredential: 1 })).toEqual({ addCredential: 1 });
  });
});

describe('the planes', () => {
  const names = Object.keys(allRoutes(RUNTIME_PLANE)) as (keyof ReturnType<typeof allRoutes>)[];

  it.each(names)('differ in %s only by base, functions and the settings of the plane', (name) => {
    const [user, runtime] = [USER_PLANE, RUNTIME_PLANE].map((plane) => allRoutes(plane)[name]);
    expect(user?.path.replace(USER_PLANE.base, '')).toBe(runtime?.path.replace(RUNTIME_PLANE.base, ''));
    expect([user?.method, user?.ifMatch]).toEqual([runtime?.method, runtime?.ifMatch]);
  });

  it.each([USER_PLANE, RUNTIME_PLANE])('offer all their routes in the table: $plane', (plane) => {
    for (const [name, route] of Object.entries(nameFor(plane as PlaneSettings, allRoutes(plane)))) {
      expect(routeTable[name as RouteId]).toMatchObject({ path: (route as { path: string }).path, plane: plane.plane });
    }
  });
});
