// Metadata by issuer, in memory and in the table for all functions. An entry is made only under the issuer that was asked and that the
// checked document names, so no server can change the entry of another. A table that fails costs a request, not the call: what could not be stored is
// fresh for nobody, as other functions do not have it.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { isFresh, mayUseOld } from '../../domain/mcp/discovery/metadata-age.ts';
import type { CachedServer, IssuerStore } from '../../domain/ports/issuer-store.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** Users name issuers, so their number is bounded: some hundred bytes each. */
const MAX_ENTRIES = 500;

interface ServerCacheParts {
  issuers: Pick<IssuerStore, 'readCachedServer' | 'writeCachedServer'>;
  clock: Clock;
}

/** Reads the metadata of an issuer: the entry while it is fresh, else what `ask` gives; the old entry where that fails and may be used. */
export type ServerCache = (issuer: string, ask: () => Promise<AuthorizationServer>) => Promise<AuthorizationServer>;

/** An entry in memory. */
interface Remembered extends CachedServer {
  /** Whether the table has it. */
  stored: boolean;
}

/** null where the table or the key service fails. */
const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PortFault || error instanceof ServiceError) return null;
    throw error;
  }
};

const takeNewer = (one: Remembered | undefined, other: CachedServer | null): Remembered | null => {
  if (other === null || (one && one.readAt > other.readAt)) return one ?? null;
  return { ...other, stored: true };
};

/** Makes the cache of one process. */
export const serverCache = ({ issuers, clock }: ServerCacheParts): ServerCache => {
  const memory = new Map<string, Remembered>();

  const remember = (entry: Remembered): AuthorizationServer => {
    memory.delete(entry.server.issuer);
    memory.set(entry.server.issuer, entry);
    const [oldest] = memory.keys();
    if (memory.size > MAX_ENTRIES && oldest !== undefined) memory.delete(oldest);
    return entry.server;
  };

  const store = async (server: AuthorizationServer): Promise<AuthorizationServer> => {
    const entry = { server, readAt: clock.now() };
    const written = await orNull(issuers.writeCachedServer(entry).then(() => true));
    return remember({ ...entry, stored: written === true });
  };

  const refresh = async (old: CachedServer | null, ask: () => Promise<AuthorizationServer>) => {
    try {
      return await store(await ask());
    } catch (error) {
      if (old && mayUseOld(old.readAt, { now: clock.now(), error })) return old.server;
      throw error;
    }
  };

  const isUsable = ({ stored, readAt }: Remembered): boolean => stored && isFresh(readAt, clock.now());

  return async (issuer, ask) => {
    const remembered = memory.get(issuer);
    if (remembered && isUsable(remembered)) return remembered.server;
    const known = takeNewer(remembered, await orNull(issuers.readCachedServer(issuer)));
    if (known && isUsable(known)) return remember(known);
    return refresh(known, ask);
  };
};
