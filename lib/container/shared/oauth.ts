// What calls providers: the OAuth protocol within the time of one call, and what a refresh needs beside it.

import type { ReadServer } from '../../adapters/issuer/issuer-metadata.ts';
import { openidClientProtocol } from '../../adapters/oauth/openid-client-protocol.ts';
import { providerOutcomes } from '../../adapters/resilience/provider-outcomes.ts';
import { emfMeter } from '../../adapters/telemetry/emf-meter.ts';
import { refreshBudget } from '../../domain/refresh/budget.ts';
import { makeStoredIssuers } from './issuers.ts';
import { makeProviders } from './operator-secrets.ts';
import { outboundOptions } from './outbound.ts';
import { readRedirectPolicy } from './redirects.ts';
import { makeIssuerReader } from './servers.ts';
import { clock, type Started } from './start.ts';
import { makeIssuers, makeRefreshes } from './stores.ts';

/** The OAuth clients, and where browsers may be sent. `readServer`: reads the metadata of issuers that entries name. */
export const makeClients = (started: Started, readServer: ReadServer) => ({
  providers: makeProviders(started, started.config.SECRETS_MAX_AGE_SECONDS, readServer),
  redirects: readRedirectPolicy(started.config),
});

/** Dependencies of finishing connections, refreshing and revoking. `readServer`: default: of what the starts have stored. */
export const makeOAuth = (started: Started, readServer = makeStoredIssuers(started)) => ({
  ...makeClients(started, readServer),
  oauth: openidClientProtocol({
    ...outboundOptions(started),
    exchangeMilliseconds: started.config.EXCHANGE_TIMEOUT_MS,
  }),
});

/** Records the metrics of a function. */
export const makeMeter = ({ service, config }: Started) =>
  emfMeter({ service, namespace: config.METRICS_NAMESPACE, clock });

/** Dependencies of refreshing, besides those of OAuth. */
export const makeRefreshing = (started: Started) => ({
  refreshes: makeRefreshes(started),
  ...makeIssuerReader(started),
  issuers: makeIssuers(started),
  budget: refreshBudget(started.config.EXCHANGE_TIMEOUT_MS, started.config.REFRESH_LEASE_SECONDS * 1000),
  meter: makeMeter(started),
  log: started.log,
  outcomes: providerOutcomes(),
});
