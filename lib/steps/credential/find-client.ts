// The operator's client at a provider, with the provider's endpoints filled for one tenant.

import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Wanted {
  provider: string;
  variables: Readonly<Record<string, string>>;
}

/** Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a template variable), `secrets_unavailable`. */
export const findClient = async (
  deps: Pick<Deps, 'providers'>,
  { provider, variables }: Wanted,
): Promise<OAuthClient> => {
  const known = await deps.providers.find(provider);
  if (known === undefined) throw new ServiceError('provider_unknown');
  if (known.client === null) throw new ServiceError('provider_not_configured');
  return { provider, record: fillTemplate(known.record, variables), ...known.client };
};
