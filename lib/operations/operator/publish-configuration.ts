// Publishes which system credentials and providers are configured, so that the user plane can list them without reading a secret.
import { configuredSystemIds, systemCredentials } from '../../domain/credential/system-credentials.ts';
import { type PublicProvider, publicProvider } from '../../domain/oauth/view/public-provider.ts';
import type { PublishedConfiguration } from '../../domain/ports/configuration-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { completeProvider, isNotConnectable } from '../../steps/credential/complete-provider.ts';

type PublishDeps = Pick<Deps, 'systemKeys' | 'providers' | 'configuration'>;

const configuredIds = async ({ systemKeys }: PublishDeps): Promise<string[]> => {
  const configured = configuredSystemIds(new Set((await systemKeys.systemKeys()).keys()));
  return systemCredentials.map((credential) => credential.id).filter((id) => configured.has(id));
};

/** A provider whose issuer does not answer is published as it was, else with what the entry itself says. */
const describe = async (known: KnownProvider, previous: readonly PublicProvider[]): Promise<PublicProvider> => {
  const { provider } = known;
  try {
    const { profile } = await completeProvider(known);
    return publicProvider(provider, profile);
  } catch (error) {
    if (!isNotConnectable(error)) throw error;
    const { device = false } = previous.find((published) => published.provider === provider) ?? {};
    return { ...publicProvider(provider, known.profile), device };
  }
};

const configuredProviders = async (
  { providers }: PublishDeps,
  previous: readonly PublicProvider[],
): Promise<PublicProvider[]> =>
  allSettledOrThrow((await providers.listConfigured()).map((known) => describe(known, previous)));

const EMPTY: PublishedConfiguration = { systemCredentialIds: [], providers: [] };

/**
 * Writes only if something changed. If one of the two secrets can't be read, its part stays published as it is, the other part is
 * published, and then it throws `secrets_unavailable`.
 */
export const publishConfiguration = async (deps: PublishDeps): Promise<{ changed: boolean }> => {
  const published = await deps.configuration.readConfiguration();
  const previous = published ?? EMPTY;
  const [ids, providers] = await Promise.allSettled([
    configuredIds(deps),
    configuredProviders(deps, previous.providers),
  ]);
  const next = {
    systemCredentialIds: ids.status === 'fulfilled' ? ids.value : previous.systemCredentialIds,
    providers: providers.status === 'fulfilled' ? providers.value : previous.providers,
  };
  const changed = JSON.stringify(published) !== JSON.stringify(next);
  if (changed) await deps.configuration.writeConfiguration(next);
  for (const part of [ids, providers]) if (part.status === 'rejected') throw part.reason;
  return { changed };
};
