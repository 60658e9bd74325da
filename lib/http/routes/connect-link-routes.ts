// Connect links, as a worker makes them. Apart from the link plane, which another function serves.
import { ConnectLink, NewConnectLink } from '../schemas/connect-links.ts';
import { CREATE_LINK } from './capabilities.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

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
