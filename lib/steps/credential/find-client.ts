// Finds the operator's OAuth client at a provider, with the provider's URL templates filled for one tenant.
import { pickClientKeys } from '../../domain/oauth/client/client-keys.ts';
import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Wanted {
  provider: string;
  variables: Readonly<Record<string, string>>;
}

/**
 * The client, ready for calls to the provider. Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a
 * template variable is missing or wrong), `secrets_unavailable`.
 */
export const findClient = async (
  deps: Pick<Deps, 'providers'>,
  { provider, variables }: Wanted,
): Promise<OAuthClient> => {
  const known = await deps.providers.find(provider);
  if (known === undefined) throw new ServiceError('provider_unknown');
  if (known.client === null) throw new ServiceError('provider_not_configured');
  return { provider, profile: fillTemplate(known.profile, variables), ...pickClientKeys(known.client) };
};
