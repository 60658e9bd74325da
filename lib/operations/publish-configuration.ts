// Publishes which system credentials and which providers are configured, so that the user plane can list them without
// reading a secret.
import type { Deps } from '../domain/deps.ts';
import type { PublishedConfiguration } from '../domain/store-ports.ts';
import { configuredSystemIds, systemCredentials } from '../domain/system-credentials.ts';

type PublishDeps = Pick<Deps, 'systemKeys' | 'providers' | 'configuration'>;

const current = async (deps: PublishDeps): Promise<PublishedConfiguration> => {
  const [keys, known] = await Promise.all([deps.systemKeys.systemKeys(), deps.providers.listConfigured()]);
  const configured = configuredSystemIds(new Set(keys.keys()));
  return {
    systemCredentialIds: systemCredentials.map((credential) => credential.id).filter((id) => configured.has(id)),
    providers: known.map(({ provider, record }) => ({
      provider,
      displayName: record.displayName ?? provider,
      defaultScopes: record.defaultScopes ?? [],
    })),
  };
};

/** Writes only when something changed. Throws `secrets_unavailable`, and then leaves what is published as it is. */
export const publishConfiguration = async (deps: PublishDeps): Promise<{ changed: boolean }> => {
  const [next, published] = [await current(deps), await deps.configuration.readConfiguration()];
  if (JSON.stringify(published) === JSON.stringify(next)) return { changed: false };
  await deps.configuration.writeConfiguration(next);
  return { changed: true };
};
