// The connect page. Its address names no user and no link: the token is in the fragment, which no browser sends.
import { CONNECT_PATH } from '../../../platform.ts';
import { ConnectPage } from '../../schemas/page.ts';
import { route } from '../route.ts';

/** The page; it needs no right. */
export const pageRoutes = {
  getConnectPage: route({
    method: 'GET',
    path: CONNECT_PATH,
    plane: 'public',
    function: 'connect-page',
    capabilities: [],
    answers: { 200: ConnectPage },
  }),
} as const;
