// What checks credentials at their providers, within the rules of outbound requests and a limit of each user.

import { guardedProviderApi } from '../../adapters/oauth/check-credential.ts';
import { tokenBuckets } from '../../adapters/resilience/token-buckets.ts';
import type { ProviderDirectory } from '../../domain/ports/provider-directory.ts';
import { CHECKS_PER_USER } from '../../platform.ts';
import { directoryApiAddresses } from '../../providers/api-addresses.ts';
import { credentialChecks } from '../../providers/credential-checks.ts';
import { keyPlacements } from '../../providers/key-placements.ts';
import { directoryTemplates } from '../../providers/provider-templates.ts';
import { outboundOptions } from './outbound.ts';
import { clock, type Started } from './start.ts';

/** Dependencies of checking, besides those of OAuth and of refreshing. */
export const makeChecking = (started: Started, { providers }: { providers: ProviderDirectory }) => {
  const { burst, perSecond } = CHECKS_PER_USER;
  const apiAddresses = directoryApiAddresses(providers);
  return {
    apiAddresses,
    placements: keyPlacements(providers),
    templates: directoryTemplates(providers),
    checks: credentialChecks(providers, apiAddresses),
    providerApi: guardedProviderApi(outboundOptions(started)),
    checkLimit: tokenBuckets(perSecond, clock, { burst }),
  };
};
