// OAuth states for an application that exchanges the code itself: the service keeps the state and the PKCE verifier.
import { ConsumedOAuthState, CreatedOAuthState, NewOAuthState, OAuthStateToken } from '../schemas/oauth-states.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const states = {
  method: 'POST',
  plane: 'runtime',
  function: 'runtime-api',
  tag: 'OAuth states',
} as const;

export const oauthStateRoutes = {
  createOAuthState: route({
    ...states,
    path: `${RUNTIME_PLANE.base}/oauth-states`,
    summary: 'Create an OAuth state',
    description:
      'For an application that runs its own code exchange: a one-time state token, and the PKCE challenge (RFC 7636) of a ' +
      'verifier that the service keeps until the state is consumed.',
    capabilities: ['read_user', 'open_state'],
    body: NewOAuthState,
    answers: { 201: CreatedOAuthState },
    errors: ['too_many_open_states', 'user_erasing', 'store_busy'],
  }),
  consumeOAuthState: route({
    ...states,
    path: `${RUNTIME_PLANE.base}/oauth-states/consume`,
    summary: 'Consume an OAuth state',
    description:
      'Answers what the state was created with, and the PKCE verifier. Works once per state; a request that names another ' +
      'user or provider leaves the state usable.',
    capabilities: ['read_user', 'consume_state'],
    body: OAuthStateToken,
    answers: { 200: ConsumedOAuthState },
    errors: ['state_invalid', 'store_busy'],
  }),
} as const;
