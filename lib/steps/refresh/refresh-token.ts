// Refreshes a grant if nobody else is at it: one lease, one call to the provider, one write. Losing the race for the lease
// costs two reads.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import {
  type LeaseState,
  leaseState,
  leaseTtlSeconds,
  type RefreshLease,
  refreshTokenRev,
} from '../../domain/refresh/lease.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { exchangeGrant } from './exchange.ts';
import {
  type HeldLease,
  hasTime,
  keyOf,
  type Prepared,
  prepareRefresh,
  type RefreshDeps,
  readSame,
} from './prepare-refresh.ts';
import { type Refreshed, settleFault, settleGrant } from './store-result.ts';

export interface RefreshAsked {
  credential: StoredCredential;
  /** When the operation has to have answered (epoch ms). */
  finishBy: number;
  /** Whether somebody uses the grant now. */
  inUse: boolean;
}

const failed = (cause: unknown, retryAfterSeconds = 1): Refreshed => ({ is: 'failed', cause, retryAfterSeconds });

/** A provider that is not configured any more is the operator's fault: no user is marked for it. */
const findProvider = async (deps: RefreshDeps, provider: string): Promise<KnownProvider | null> => {
  const known = await deps.providers.find(provider);
  if (known?.client) return known;
  deps.meter.record('OperatorFaults', 1);
  return null;
};

const newLease = (
  deps: RefreshDeps,
  credential: StoredCredential,
  { standing, known }: { standing: Extract<LeaseState, { is: 'free' }>; known: KnownProvider },
): RefreshLease => ({
  id: deps.random.uuid(),
  tokenRev: refreshTokenRev(credential),
  until: deps.clock.now() + deps.budget.leaseMilliseconds,
  held: true,
  rotates: known.profile.rotatesRefreshTokens,
  uncertain: standing.uncertain,
  failures: standing.failures,
});

const exchange = async (
  deps: RefreshDeps,
  holding: HeldLease,
  { secret }: Prepared,
): Promise<TokenResponse | ProviderFault> => {
  const { refreshToken, variables = {} } = secret;
  const asked = { known: holding.known, refreshToken, variables, hasTime: () => hasTime(deps, holding) };
  return exchangeGrant(deps, asked).catch((error) => {
    if (error instanceof ProviderFault) return error;
    throw error;
  });
};

const refreshHeld = async (deps: RefreshDeps, holding: HeldLease): Promise<Refreshed> => {
  const began = deps.clock.now();
  const prepared = await prepareRefresh(deps, holding);
  if (prepared === null) return { is: 'conflict' };
  const askedAt = deps.clock.now();
  const reply = await exchange(deps, holding, prepared);
  const providers = deps.clock.now() - askedAt;
  if (reply instanceof ProviderFault) return settleFault(deps, holding, reply);
  const settled = await settleGrant(deps, holding, { ...prepared, grant: reply, askedAt });
  deps.meter.record('RefreshOverhead', deps.clock.now() - began - providers);
  return settled;
};

const refreshOnce = async (deps: RefreshDeps, asked: RefreshAsked): Promise<Refreshed> => {
  const { credential } = asked;
  const known = await findProvider(deps, credential.provider);
  if (known === null) return failed(new ProviderFault('client_fault'));
  const from = await deps.refreshes.readLease(keyOf(credential));
  if (from !== null && from.tokenRev !== refreshTokenRev(credential) && (await readSame(deps, credential)) === null) {
    // The lease is on a newer token than the one we have seen: it is none to put another in the place of.
    return { is: 'conflict' };
  }
  const now = deps.clock.now();
  const standing = leaseState(from, credential, now);
  if (standing.is === 'held') return { is: 'held' };
  if (standing.is === 'backing_off') return failed(undefined, Math.ceil((standing.until - now) / 1000));
  if (standing.is === 'in_doubt') return failed(undefined);
  const lease = newLease(deps, credential, { standing, known });
  const ttlSeconds = leaseTtlSeconds(lease, credential.expiresAt);
  if (!(await deps.refreshes.swapLease(keyOf(credential), { from, to: lease, ttlSeconds }))) return { is: 'held' };
  return refreshHeld(deps, { ...asked, lease, known });
};

/** Faults of what the refresh stands on: not now, and nothing was spent. */
const NOT_NOW: ReadonlySet<string> = new Set([
  'store_busy',
  'store_unavailable',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
]);

/** Throws `reconnect_required` (with `reason`), `credential_unreadable`. */
export const refreshGrant = async (deps: RefreshDeps, asked: RefreshAsked): Promise<Refreshed> => {
  try {
    return await refreshOnce(deps, asked);
  } catch (error) {
    if (error instanceof ServiceError && NOT_NOW.has(error.code)) return failed(error);
    throw error;
  }
};
