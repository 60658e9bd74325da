// The link plane: the browser that opened a connect link calls it with the token of the link. The routes are those of the user
// plane; each also uses the link. Made by functions, so that a bundle has only the routes that it calls for.
import { LinkView } from '../schemas/links.ts';
import { READ_VIEWS } from './capabilities.ts';
import { connectionRoutes, finishRoutes, startRoutes } from './connection-routes.ts';
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

const allByLink = <const T extends Record<string, Route>>(given: T): T =>
  Object.fromEntries(Object.entries(given).map(([id, each]) => [id, byLink(each)])) as T;

const linkViewRoutes = () => ({
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
});

/** What a page shows, and what is stored, renamed, deleted and checked by a link. */
export const linkCredentialRoutes = () => {
  const { addCredential, renameCredential, deleteCredential, checkCredential } = credentialRoutes(LINK_PLANE);
  const own = allByLink({ addCredential, renameCredential, deleteCredential, checkCredential });
  return { ...linkViewRoutes(), ...nameFor(LINK_PLANE, own) };
};

/** Starting a connection by a link. */
export const linkStartRoutes = () => nameFor(LINK_PLANE, allByLink(startRoutes(LINK_PLANE)));

/** Finishing a connection by a link. */
export const linkFinishRoutes = () => nameFor(LINK_PLANE, allByLink(finishRoutes(LINK_PLANE)));

/** The routes of the link plane, by operation id. */
export const linkRoutes = () => ({
  ...linkCredentialRoutes(),
  ...nameFor(LINK_PLANE, allByLink(connectionRoutes(LINK_PLANE))),
});
