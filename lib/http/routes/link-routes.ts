// Connect links: a worker makes one, and the browser that opens it calls the link plane with the token of the link. The routes are
// those of the user plane; each also uses the link.
import { ConnectLink, LinkView, NewConnectLink } from '../schemas/links.ts';
import { CREATE_LINK, READ_VIEWS } from './capabilities.ts';
import { connectionRoutes } from './connection-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { LINK_PLANE, nameFor, RUNTIME_PLANE } from './planes.ts';
import { type Route, route } from './route.ts';

/** The route of workers that makes a link. */
export const connectLinkRoutes = {
  createConnectLink: route({
    method: 'POST',
    plane: 'runtime',
    function: 'runtime-api',
    path: `${RUNTIME_PLANE.base}/connect-links`,
    capabilities: CREATE_LINK,
    body: NewConnectLink,
    answers: { 201: ConnectLink },
    errors: [
      'provider_unknown',
      'credential_not_found',
      'not_upgradable',
      'url_not_allowed',
      'too_many_open_states',
      'user_erasing',
    ],
  }),
} as const;

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
