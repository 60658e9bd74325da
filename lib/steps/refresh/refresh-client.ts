// The client that a grant is exchanged with, as the operator's entry and the grant say. Where the provider refuses it, or an issuer's
// endpoint is no longer there, both are read once more, now: the entry past the cache, and the issuer's metadata.
import { isSameClient } from '../../domain/oauth/client/client-keys.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeByIssuer, completeForGrant } from '../credential/complete-provider.ts';
import { type BoundGrant, chooseClient, type GrantClient } from '../credential/grant-client.ts';
import { type HeldLease, hasTime } from './lease.ts';

/** What choosing the client and sending take. */
export type ExchangeDeps = Pick<Deps, 'providers' | 'oauth' | 'budget' | 'clock' | 'log'>;

/** A fault of the configuration: nothing is sent. */
export const misconfigured = (cause?: unknown) => new ProviderFault('client_fault', { cause });

/** As `chooseClient`, with the endpoints of the grant's tenant. Throws ProviderFault (`client_fault`) when the tenant does not match. */
const choose = (known: KnownProvider, grant: BoundGrant): GrantClient => {
  try {
    return chooseClient(known, grant);
  } catch (error) {
    if (error instanceof ServiceError) throw misconfigured(error);
    throw error;
  }
};

/** Completes a provider's record for a grant. */
type Complete = (known: KnownProvider, grant: BoundGrant) => Promise<KnownProvider>;

/** The configuration as it is now; undefined when the provider is unknown, or it or its issuer's metadata can't be read. */
const readPastCache = async (
  { providers }: Pick<Deps, 'providers'>,
  { provider, grant, complete }: { provider: string; grant: BoundGrant; complete: Complete },
): Promise<KnownProvider | undefined> => {
  try {
    const known = await providers.findPastCache(provider);
    return known && (await complete(known, grant));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
};

/** A grant, and its provider with the endpoints for it; null: not configured. */
interface GrantAtProvider {
  known: KnownProvider | null;
  secret: BoundGrant;
}

/**
 * The client for the grant. Where the cached configuration has none, it is read once past the cache. Throws ProviderFault: `client_fault`
 * (logged by what does not match), `transient` when reading took the time that the exchange needs.
 */
export const findRefreshClient = async (
  deps: ExchangeDeps,
  held: HeldLease,
  { known, secret: grant }: GrantAtProvider,
): Promise<OAuthClient> => {
  if (known === null) throw misconfigured();
  const cached = choose(known, grant);
  if (cached.kind === 'found') return cached.client;
  const { provider } = known;
  const present = await readPastCache(deps, { provider, grant, complete: completeForGrant });
  const chosen = present ? choose(present, grant) : cached;
  if (chosen.kind !== 'found') {
    deps.log.warn('grant not sent', { provider, mismatch: chosen.kind });
    throw misconfigured();
  }
  if (!hasTime(deps, held)) throw new ProviderFault('transient');
  return chosen.client;
};

/** Whether both send the same request to the same place. An issuer may move its endpoint, or want another authentication. */
const isSameRequest = (one: OAuthClient, other: OAuthClient): boolean =>
  isSameClient(one, other) &&
  one.profile.refreshEndpoint === other.profile.refreshEndpoint &&
  one.profile.clientAuth === other.profile.clientAuth;

/** The grant's client as configured now, past the cache; null when it is the same, missing, or can't be read. */
export const findRotatedClient = async (
  deps: Pick<Deps, 'providers'>,
  refused: OAuthClient,
  grant: BoundGrant,
): Promise<OAuthClient | null> => {
  const { provider } = refused;
  const present = await readPastCache(deps, { provider, grant, complete: completeByIssuer });
  const chosen = present && choose(present, grant);
  return chosen?.kind !== 'found' || isSameRequest(refused, chosen.client) ? null : chosen.client;
};

/** Statuses of a place that is no endpoint (any more), from which no token can have come. */
const MOVED = new Set([301, 302, 303, 307, 308, 404, 405, 410]);

/** Whether the answer may be due to what is known of the client or, where an issuer named it, of the endpoint. */
export const isOfOldConfiguration = ({ kind, status }: ProviderFault, { profile }: OAuthClient): boolean =>
  kind === 'client_fault' || (profile.issuerEndpoints !== null && status !== null && MOVED.has(status));
