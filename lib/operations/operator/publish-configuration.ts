// Publishes which system credentials and providers are configured, so that the user plane can list them without reading a secret.
import { configuredSystemIds, systemCredentials } from '../../domain/credential/system-credentials.ts';
import { type PublicProvider, publicProvider } from '../../domain/oauth/view/public-provider.ts';
import type { PublishedConfiguration } from '../../domain/ports/configuration-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';

type PublishDeps = Pick<Deps, 'systemKeys' | 'providers' | 'configuration'>;

const configuredIds = async ({ systemKeys }: PublishDeps): Promise<string[]> => {
  const configured = configuredSystemIds(new Set((await systemKeys.systemKeys()).keys()));
  return systemCredentials.map((credential) => credential.id).filter((id) => configured.has(id));
};

const configuredProviders = async ({ providers }: PublishDeps): Promise<PublicProvider[]> =>
  (await providers.listConfigured()).map(({ provider, profile }) => publicProvider(provider, profile));

const EMPTY: PublishedConfiguration = { systemCredentialIds: [], providers: [] };

/**
 * Writes only if something changed. If one of the two secrets can't be read, its part stays published as it is, the other part is
 * published, and then it throws `secrets_unavailable`.
 */
export const publishConfiguration = async (deps: PublishDeps): Promise<{ changed: boolean }> => {
  const [ids, providers] = await Promise.allSettled([configuredIds(deps), configuredProviders(deps)]);
  const published = await deps.configuration.readConfiguration();
  const previous = published ?? EMPTY;
  const next = {
    systemCredentialIds: ids.status === 'fulfilled' ? ids.value : previous.systemCredentialIds,
    providers: providers.status === 'fulfilled' ? providers.value : previous.providers,
  };
  const changed = JSON.stringify(published) !== JSON.stringify(next);
  if (changed) await deps.configuration.writeConfiguration(next);
  for (const part of [ids, providers]) if (part.status === 'rejected') throw part.reason;
  return { changed };
};
