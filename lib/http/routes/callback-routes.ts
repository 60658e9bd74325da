// The address that providers send browsers back to.
import { CallbackForm, CallbackPage, CallbackQuery } from '../schemas/connections.ts';
import { route } from './route.ts';

/** The redirect URI of every provider. Public: the state is what is checked. */
export const callbackRoutes = {
  receiveOAuthCallback: route({
    method: 'GET',
    path: '/v1/oauth/callback',
    plane: 'public',
    function: 'oauth-callback',
    capabilities: ['store_pending_code'],
    query: CallbackQuery,
    answers: { 200: CallbackPage, 204: null, 303: null, 400: CallbackPage },
    errors: ['store_busy', 'store_unavailable'],
  }),
  // The response mode form_post: the browser posts what is otherwise the query.
  receiveOAuthFormPost: route({
    method: 'POST',
    path: '/v1/oauth/callback',
    plane: 'public',
    function: 'oauth-callback',
    capabilities: ['store_pending_code'],
    body: CallbackForm,
    bodyFormat: 'form',
    answers: { 200: CallbackPage, 204: null, 303: null, 400: CallbackPage },
    errors: ['store_busy', 'store_unavailable'],
  }),
} as const;
