// The rules and time limits of requests to providers and servers.

import { endOfCall, leftOfCall } from '../../adapters/runtime/call-deadline.ts';
import { providerMilliseconds } from '../../domain/refresh/budget.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { clock, type Started } from './start.ts';

/** Which addresses a provider may have: only the local server allows those of the machine itself. */
export const outboundPolicy = ({ config }: Started): OutboundPolicy => (config.LOOPBACK_PROVIDERS ? 'local' : 'public');

/** The rules and time limits of requests to providers. */
export const outboundOptions = (started: Started) => ({
  clock,
  policy: outboundPolicy(started),
  timeoutMilliseconds: started.config.PROVIDER_TIMEOUT_MS,
  endOfCall,
  shareOfCall: (wanted: number) => providerMilliseconds(wanted, leftOfCall()),
});
