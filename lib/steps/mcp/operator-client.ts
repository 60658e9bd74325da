// The operator's client at an issuer: an entry of `oauth-clients` whose record names that issuer, character by character. Users name the
// servers and these their issuers, so a new connection gets a client only for a server that its entry is meant for.
import { fillApiAddress, isApiUrl } from '../../domain/oauth/api-address.ts';
import type { ClientKeys } from '../../domain/oauth/client/client-keys.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';

/** An entry with a client. */
export type OperatorEntry = KnownProvider & { client: NonNullable<KnownProvider['client']> };

const hasClientAt =
  (issuer: string) =>
  (entry: KnownProvider): entry is OperatorEntry =>
    entry.client !== null && entry.profile.issuer === issuer;

/** Whether the client may be used for that resource. A host that a variable names is none: it is not known whose it is. */
const isLentTo =
  (resource: string) =>
  ({ lentTo = 'api_hosts', profile }: OperatorEntry): boolean => {
    if (lentTo !== 'api_hosts') return lentTo === 'all_servers';
    const address = fillApiAddress(profile, {});
    return address !== null && isApiUrl(address, resource);
  };

/** The first entry of that issuer whose client may be used for the resource, in the operator's order; undefined: none. Throws `secrets_unavailable`. */
export const findLentEntry = async (
  deps: Pick<Deps, 'providers'>,
  { issuer, resource }: { issuer: string; resource: string },
): Promise<OperatorEntry | undefined> =>
  (await deps.providers.listConfigured()).filter(hasClientAt(issuer)).find(isLentTo(resource));

const listKeys = ({ client }: OperatorEntry): readonly ClientKeys[] => [client, ...(client.olderClients ?? [])];

/** The keys of the client with that id, among the present and older ones of every entry of the issuer; undefined: none. */
const selectKeys = (entries: readonly KnownProvider[], issuer: string, clientId: string): ClientKeys | undefined =>
  entries
    .filter(hasClientAt(issuer))
    .flatMap(listKeys)
    .find((keys) => keys.clientId === clientId);

/**
 * The keys of the client that a grant was issued to, lent now or not: from what is cached, and if it is not there past the cache: another process may have started the connection with a newer
 * configuration. Throws `secrets_unavailable`.
 */
export const findOperatorKeys = async (
  deps: Pick<Deps, 'providers'>,
  { issuer, clientId }: { issuer: string; clientId: string },
): Promise<ClientKeys | undefined> => {
  const cached = await deps.providers.listConfigured();
  const found = selectKeys(cached, issuer, clientId);
  if (found) return found;
  // Any name does: reading one past the cache reads the whole secret.
  await deps.providers.findPastCache(cached[0]?.provider ?? '');
  return selectKeys(await deps.providers.listConfigured(), issuer, clientId);
};
