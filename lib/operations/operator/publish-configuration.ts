// Publishes which system credentials and which providers are configured, so that the user plane can list them without
// reading a secret.

import { configuredSystemIds, systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { PublishedConfiguration, PublishedProvider } from '../../domain/ports/configuration-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';

type PublishDeps = Pick<Deps, 'systemKeys' | 'providers' | 'configuration'>;

const configuredIds = async ({ systemKeys }: PublishDeps): Promise<string[]> => {
  const configured = configuredSystemIds(new Set((await systemKeys.systemKeys()).keys()));
  return systemCredentials.map((credential) => credential.id).filter((id) => configured.has(id));
};

const configuredProviders = async ({ providers }: PublishDeps): Promise<PublishedProvider[]> =>
  (await providers.listConfigured()).map(({ provider, profile }) => ({
    provider,
    displayName: profile.displayName,
    defaultScopes: profile.defaultScopes,
  }));

const NOTHING: PublishedConfiguration = { systemCredentialIds: [], providers: [] };

/**
 * Writes only when something changed. What can't be read stays published as it is, and keeps no change of the other from
 * being published; it then throws `secrets_unavailable`.
 */
export const publishConfiguration = async (deps: PublishDeps): Promise<{ changed: boolean }> => {
  const [ids, providers] = await Promise.allSettled([configuredIds(deps), configuredProviders(deps)]);
  const published = await deps.configuration.readConfiguration();
  const kept = published ?? NOTHING;
  const next = {
    systemCredentialIds: ids.status === 'fulfilled' ? ids.value : kept.systemCredentialIds,
    providers: providers.status === 'fulfilled' ? providers.value : kept.providers,
  };
  const changed = JSON.stringify(published) !== JSON.stringify(next);
  if (changed) await deps.configuration.writeConfiguration(next);
  for (const part of [ids, providers]) if (part.status === 'rejected') throw part.reason;
  return { changed };
};
