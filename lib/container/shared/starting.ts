// What starts connections: the rows of users and states, and the operator's OAuth clients. Nothing here opens or seals a stored secret.

import { openidClientStarts } from '../../adapters/oauth/openid-client-starts.ts';
import { makeClients, outboundOptions } from './oauth.ts';
import { makeServing, type Started } from './start.ts';
import { makeStates, makeUsers } from './stores.ts';

/** Dependencies of starting connections, but for the limit of calls. */
export const makeStarting = (started: Started) => ({
  ...makeServing(started),
  ...makeClients(started),
  oauthStarts: openidClientStarts(outboundOptions(started)),
  limits: started.limits,
  log: started.log,
  users: makeUsers(started),
  states: makeStates(started),
});
