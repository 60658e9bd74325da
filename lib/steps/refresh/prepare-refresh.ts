// All of a refresh that can fail and spends nothing: under its lease the row is read again, opened, and its data key kept at
// hand. Whatever goes wrong here gives the lease back.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { CredentialKey } from '../../domain/ports/credential-refresh-store.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import type { OpenedSeal } from '../../domain/ports/sealer.ts';
import { fitsBefore } from '../../domain/refresh/budget.ts';
import { leaseTtlSeconds, type RefreshLease } from '../../domain/refresh/lease.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

export type RefreshDeps = Pick<
  Deps,
  | 'users'
  | 'refreshes'
  | 'sealer'
  | 'providers'
  | 'oauth'
  | 'clock'
  | 'random'
  | 'sleep'
  | 'limits'
  | 'budget'
  | 'meter'
>;

/** A lease that was taken, and what for. */
export interface HeldLease {
  lease: RefreshLease;
  credential: StoredCredential;
  known: KnownProvider;
  /** When the operation has to have answered (epoch ms). */
  finishBy: number;
  /** Whether somebody uses the grant now. */
  inUse: boolean;
}

export interface Prepared {
  stored: StoredCredential;
  seal: OpenedSeal;
  secret: OAuth2Secret & { refreshToken: string };
}

export interface Exchanged extends Prepared {
  grant: TokenResponse;
  /** When the provider was asked (epoch ms). */
  askedAt: number;
}

export const keyOf = ({ userId, id }: StoredCredential): CredentialKey => ({ userId, credentialId: id });

/** When the work under a lease has to be done. */
export const endOf = ({ lease, finishBy }: HeldLease): number => Math.min(lease.until, finishBy);

export const hasTime = (deps: RefreshDeps, holding: HeldLease): boolean =>
  fitsBefore(deps.budget, deps.clock.now(), endOf(holding));

/**
 * Puts something else in the lease's place that nobody holds; what is known of the secret (failures, doubts) is never
 * forgotten with a lease. If it can't be put the lease lapses, which is only slower.
 */
export const endLease = async (
  deps: RefreshDeps,
  { credential, lease }: HeldLease,
  after: { until: number; failures: number },
): Promise<void> => {
  const to = { ...lease, ...after, id: deps.random.uuid(), held: false };
  const swap = { from: lease, to, ttlSeconds: leaseTtlSeconds(to, credential.expiresAt) };
  await deps.refreshes.swapLease(keyOf(credential), swap).catch((error) => {
    if (!(error instanceof ServiceError)) throw error;
  });
};

/** The row as it is now, or null when its secret is another by now, or known to be dead. */
export const readSame = async (
  deps: Pick<RefreshDeps, 'users'>,
  { userId, id, secretRev }: StoredCredential,
): Promise<StoredCredential | null> => {
  const row = await deps.users.readCredential(userId, id);
  if (!row?.readable || row.credential.secretRev !== secretRev) return null;
  return row.credential.brokenReason === null ? row.credential : null;
};

const openGrant = async (deps: RefreshDeps, stored: StoredCredential): Promise<Prepared> => {
  const seal = await deps.sealer.openToReseal(sealContext(stored), stored);
  const secret = OAuth2Secret.safeParse(seal.document);
  const refreshToken = secret.data?.refreshToken;
  if (!secret.success || refreshToken === undefined) throw new ServiceError('credential_unreadable');
  return { stored, seal, secret: { ...secret.data, refreshToken } };
};

const prepareHeld = async (deps: RefreshDeps, holding: HeldLease): Promise<Prepared | null> => {
  const stored = await readSame(deps, holding.credential);
  if (stored === null) return null;
  const prepared = await openGrant(deps, stored);
  if (!hasTime(deps, holding)) throw new ServiceError('refresh_unavailable');
  return prepared;
};

/**
 * null: the secret is another now. Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`, and
 * `refresh_unavailable` when too little time is left.
 */
export const prepareRefresh = async (deps: RefreshDeps, holding: HeldLease): Promise<Prepared | null> => {
  let prepared: Prepared | null = null;
  try {
    prepared = await prepareHeld(deps, holding);
    return prepared;
  } finally {
    const { failures } = holding.lease;
    if (prepared === null) await endLease(deps, holding, { until: deps.clock.now(), failures });
  }
};
