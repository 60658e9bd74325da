// The metadata of the issuers that operators name, in the memory of one process. While reading it fails, what was read last is used, for
// a day. An issuer of which nothing was read yet can be left alone for a while after a failure, so that no caller waits for it each time.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type CachedReader, cachedValue } from '../resilience/cached-value.ts';

interface IssuerMetadata {
  /** Reads one issuer's. Throws `server_not_connectable`, and what the table throws. */
  read: (issuer: string) => Promise<AuthorizationServer>;
  maxAgeMilliseconds: number;
  /** How long a failure is repeated where nothing was read before. */
  pauseMilliseconds: number;
  clock: Clock;
}

const LAST_GOOD_MILLISECONDS = 86_400_000;

/** Reads an issuer's metadata; with `pastCache` it is read now. Throws as `read` does. */
export type ReadServer = (issuer: string, options?: { pastCache: boolean }) => Promise<AuthorizationServer>;

/** Makes the reader. */
export const issuerMetadata = ({ read, maxAgeMilliseconds, pauseMilliseconds, clock }: IssuerMetadata): ReadServer => {
  const readers = new Map<string, CachedReader<AuthorizationServer>>();

  const makeReader = (issuer: string) =>
    cachedValue({
      fetch: () => read(issuer),
      maxAgeMilliseconds,
      lastGoodMilliseconds: LAST_GOOD_MILLISECONDS,
      pauseWithoutValueMilliseconds: pauseMilliseconds,
      clock,
    });

  return (issuer, options) => {
    const reader = readers.get(issuer) ?? makeReader(issuer);
    readers.set(issuer, reader);
    return reader(options);
  };
};
