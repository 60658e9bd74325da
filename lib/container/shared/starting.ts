// What starts connections: the rows of users and states, the operator's OAuth clients, and what finds MCP servers and registers there.
// The secret of a registered client is sealed here; nothing that is stored is opened.

import { registerClient } from '../../adapters/mcp/register-client.ts';
import { openidClientStarts } from '../../adapters/oauth/openid-client-starts.ts';
import { guardedFetch } from '../../adapters/outbound/guarded-fetch.ts';
import { singleFlight } from '../../adapters/runtime/single-flight.ts';
import { readClientConfig } from '../../page-config.ts';
import { makeAskingIssuers } from './asking-issuers.ts';
import { makeClients } from './oauth.ts';
import { outboundOptions } from './outbound.ts';
import { makeSealer } from './sealer.ts';
import { makeDiscovery } from './servers.ts';
import { clock, makeServing, type Started } from './start.ts';
import { makeIssuers, makeStates, makeUsers } from './stores.ts';

/** Dependencies of starting connections, but for the limit of calls. */
export const makeStarting = (started: Started) => ({
  ...makeServing(started),
  ...makeClients(started, makeAskingIssuers(started)),
  oauthStarts: openidClientStarts(outboundOptions(started)),
  discovery: makeDiscovery(started),
  issuers: makeIssuers(started),
  registrations: registerClient({
    fetch: guardedFetch(outboundOptions(started)),
    clock,
    clientName: readClientConfig().name,
  }),
  sealer: makeSealer(started),
  flights: singleFlight(),
  limits: started.limits,
  log: started.log,
  users: makeUsers(started),
  states: makeStates(started),
});
