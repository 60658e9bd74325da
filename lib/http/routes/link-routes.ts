// The link plane: the browser that opened a connect link calls it with the token of the link. The routes are those of the user
// plane; each also uses the link.
import { LinkView } from '../schemas/links.ts';
import { READ_VIEWS } from './capabilities.ts';
import { connectionRoutes } from './connection-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { LINK_PLANE, nameFor } from './planes.ts';
import { type Route, route } from './route.ts';

const byLink = <const R extends Route>(given: R): R => ({
  ...given,
  capabilities: [...given.capabilities, 'use_link'],
  errors: [
    ...given.errors,
    'link_invalid',
    'link_not_allowed',
    ...(given.errors.includes('store_busy') ? [] : (['store_busy'] as const)),
  ],
});

const credentials = credentialRoutes(LINK_PLANE);
const connections = connectionRoutes(LINK_PLANE);

/** The routes of the link plane, by operation id. */
export const linkRoutes = {
  getLink: byLink(
    route({
      method: 'GET',
      path: LINK_PLANE.base,
      plane: 'link',
      function: 'link-api',
      capabilities: READ_VIEWS,
      answers: { 200: LinkView },
    }),
  ),
  ...nameFor(LINK_PLANE, {
    addCredential: byLink(credentials.addCredential),
    renameCredential: byLink(credentials.renameCredential),
    deleteCredential: byLink(credentials.deleteCredential),
    checkCredential: byLink(credentials.checkCredential),
    startConnection: byLink(connections.startConnection),
    completeConnection: byLink(connections.completeConnection),
    startDeviceConnection: byLink(connections.startDeviceConnection),
    pollDeviceConnection: byLink(connections.pollDeviceConnection),
  }),
} as const;
