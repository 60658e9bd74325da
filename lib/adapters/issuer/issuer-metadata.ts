// The metadata of the issuers that operators name, in the memory of one process. While an issuer fails, what it said last is used, for
// a day; one that has said nothing yet is asked again after a pause, so that no caller waits for it each time.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { readReason } from '../../domain/mcp/not-connectable.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';
import { type CachedReader, cachedValue } from '../resilience/cached-value.ts';

interface IssuerMetadata {
  /** Asks the issuer, and ends when the signal is aborted. Throws `server_not_connectable`. */
  ask: (issuer: string, signal: AbortSignal) => Promise<AuthorizationServer>;
  /** For one issuer, all its places together. */
  timeoutMilliseconds: number;
  clock: Clock;
  log: Log;
}

const MAX_AGE_MILLISECONDS = 3_600_000;
const LAST_GOOD_MILLISECONDS = 86_400_000;
const PAUSE_WITHOUT_VALUE_MILLISECONDS = 5_000;

/** Reads an issuer's metadata; with `pastCache` it is asked now. Throws `server_not_connectable`. */
export type ReadServer = (issuer: string, options?: { pastCache: boolean }) => Promise<AuthorizationServer>;

/** Makes the reader. */
export const issuerMetadata = ({ ask, timeoutMilliseconds, clock, log }: IssuerMetadata): ReadServer => {
  const readers = new Map<string, CachedReader<AuthorizationServer>>();

  const makeReader = (issuer: string) =>
    cachedValue({
      fetch: () => ask(issuer, AbortSignal.timeout(timeoutMilliseconds)),
      maxAgeMilliseconds: MAX_AGE_MILLISECONDS,
      lastGoodMilliseconds: LAST_GOOD_MILLISECONDS,
      pauseWithoutValueMilliseconds: PAUSE_WITHOUT_VALUE_MILLISECONDS,
      clock,
      onFailure: (error) =>
        log.warn('metadata of an issuer could not be read', { issuer, reason: readReason(error) ?? 'unknown' }),
    });

  return (issuer, options) => {
    const read = readers.get(issuer) ?? makeReader(issuer);
    readers.set(issuer, read);
    return read(options);
  };
};
