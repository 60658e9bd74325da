// The rules and time limits of requests to providers and servers.

import { endOfCall, leftOfCall } from '../../adapters/runtime/call-deadline.ts';
import { providerMilliseconds } from '../../domain/refresh/budget.ts';
import { outboundPolicy } from './operator-secrets.ts';
import { clock, type Started } from './start.ts';

/** The rules and time limits of requests to providers. */
export const outboundOptions = (started: Started) => ({
  clock,
  policy: outboundPolicy(started),
  timeoutMilliseconds: started.config.PROVIDER_TIMEOUT_MS,
  endOfCall,
  shareOfCall: (wanted: number) => providerMilliseconds(wanted, leftOfCall()),
});
