// Finds the operator's OAuth client at a provider, with the provider's URL templates filled for one tenant.
import { pickClientKeys } from '../../domain/oauth/client/client-keys.ts';
import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeProvider, isNotConnectable } from './complete-provider.ts';

interface Wanted {
  provider: string;
  variables: Readonly<Record<string, string>>;
}

/** Completes a provider that the operator names by its issuer. */
type Complete = (known: KnownProvider) => Promise<KnownProvider>;

/**
 * The client, ready for calls to the provider. `complete`: default: by the issuer's metadata. Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a
 * template variable is missing or wrong), `secrets_unavailable`, `server_not_connectable` (its issuer does not answer as it must).
 */
export const findClient = async (
  deps: Pick<Deps, 'providers'>,
  { provider, variables }: Wanted,
  complete: Complete = completeProvider,
): Promise<OAuthClient> => {
  const known = await deps.providers.find(provider);
  if (known === undefined) throw new ServiceError('provider_unknown');
  if (known.client === null) throw new ServiceError('provider_not_configured');
  const { profile } = await complete(known);
  return { provider, profile: fillTemplate(profile, variables), ...pickClientKeys(known.client) };
};

/** As `findClient`, for requests to a provider whose failure is `provider_rejected`: an issuer that does not answer is one. */
export const findReachableClient = async (
  deps: Pick<Deps, 'providers'>,
  wanted: Wanted,
  complete?: Complete,
): Promise<OAuthClient> => {
  try {
    return await findClient(deps, wanted, complete);
  } catch (error) {
    if (!isNotConnectable(error)) throw error;
    throw new ServiceError('provider_rejected', { cause: error });
  }
};
