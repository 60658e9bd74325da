// OAuth states for an application that exchanges the code itself: the service keeps the state and the PKCE verifier.
import { ConsumedOAuthState, CreatedOAuthState, NewOAuthState, OAuthStateToken } from '../schemas/oauth-states.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const states = {
  method: 'POST',
  plane: 'runtime',
  function: 'runtime-api',
} as const;

/** Create and consume a state, for an application that runs the OAuth flow itself. */
export const oauthStateRoutes = {
  createOAuthState: route({
    ...states,
    path: `${RUNTIME_PLANE.base}/oauth-states`,
    capabilities: ['read_user', 'create_state'],
    body: NewOAuthState,
    answers: { 201: CreatedOAuthState },
    errors: ['url_not_allowed', 'too_many_open_states', 'user_erasing', 'store_busy'],
  }),
  consumeOAuthState: route({
    ...states,
    path: `${RUNTIME_PLANE.base}/oauth-states/consume`,
    capabilities: ['read_user', 'consume_state'],
    body: OAuthStateToken,
    answers: { 200: ConsumedOAuthState },
    errors: ['state_invalid', 'store_busy'],
  }),
} as const;
