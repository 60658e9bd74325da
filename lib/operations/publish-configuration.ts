// Publishes which system credentials are configured, so that the user plane can list them without reading a secret.
import type { Deps } from '../domain/deps.ts';
import { configuredSystemIds, systemCredentials } from '../domain/system-credentials.ts';

/** Writes only when something changed. Throws `secrets_unavailable`, and then leaves what is published as it is. */
export const publishConfiguration = async (
  deps: Pick<Deps, 'systemKeys' | 'configuration'>,
): Promise<{ changed: boolean }> => {
  const configured = configuredSystemIds(new Set((await deps.systemKeys.systemKeys()).keys()));
  const ids = systemCredentials.map((credential) => credential.id).filter((id) => configured.has(id));
  const published = await deps.configuration.readConfiguration();
  if (published && sameList(published.systemCredentialIds, ids)) return { changed: false };
  await deps.configuration.writeConfiguration({ systemCredentialIds: ids });
  return { changed: true };
};

const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, i) => id === b[i]);
