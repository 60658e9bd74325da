// All of a refresh that can fail and spends nothing: under its lease the row is read again, opened, and its data key kept at
// hand. Whatever goes wrong here gives the lease back.
import { bindingOf, OAuth2Secret, type StoredCredential } from '../../domain/credential.ts';
import type { Deps } from '../../domain/deps.ts';
import type { OpenedSeal } from '../../domain/ports.ts';
import type { KnownProvider } from '../../domain/provider-directory.ts';
import { fitsBefore } from '../../domain/refresh-budget.ts';
import type { RefreshLease } from '../../domain/refresh-lease.ts';
import { ServiceError } from '../../domain/service-error.ts';
import type { GrantKey } from '../../domain/store-ports.ts';

export type RefreshDeps = Pick<
  Deps,
  'users' | 'grants' | 'sealer' | 'providers' | 'oauth' | 'clock' | 'random' | 'sleep' | 'limits' | 'budget' | 'meter'
>;

/** A lease that was taken, and what for. */
export interface Holding {
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

export const keyOf = ({ userId, id }: StoredCredential): GrantKey => ({ userId, credentialId: id });

/** When the work under a lease has to be done. */
export const endOf = ({ lease, finishBy }: Holding): number => Math.min(lease.until, finishBy);

export const hasTime = (deps: RefreshDeps, holding: Holding): boolean =>
  fitsBefore(deps.budget, deps.clock.now(), endOf(holding));

/** If it can't be given back it lapses, which is only slower. */
const giveBack = async (deps: RefreshDeps, { credential, lease }: Holding): Promise<void> => {
  await deps.grants.dropLease(keyOf(credential), lease).catch((error) => {
    if (!(error instanceof ServiceError)) throw error;
  });
};

/** The row as it is now, or null when its secret is another than the lease was taken for. */
const readAgain = async (deps: RefreshDeps, { credential, lease }: Holding): Promise<StoredCredential | null> => {
  const row = await deps.users.readCredential(credential.userId, credential.id);
  if (!row?.readable || row.credential.secretRev !== lease.secretRev) return null;
  return row.credential.brokenReason === null ? row.credential : null;
};

const openGrant = async (deps: RefreshDeps, stored: StoredCredential): Promise<Prepared> => {
  const seal = await deps.sealer.openToReseal(bindingOf(stored), stored);
  const secret = OAuth2Secret.safeParse(seal.document);
  const refreshToken = secret.data?.refreshToken;
  if (!secret.success || refreshToken === undefined) throw new ServiceError('credential_unreadable');
  return { stored, seal, secret: { ...secret.data, refreshToken } };
};

const prepareHeld = async (deps: RefreshDeps, holding: Holding): Promise<Prepared | null> => {
  const stored = await readAgain(deps, holding);
  if (stored === null) return null;
  const prepared = await openGrant(deps, stored);
  if (!hasTime(deps, holding)) throw new ServiceError('refresh_unavailable');
  return prepared;
};

/**
 * null: the secret is another now. Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`, and
 * `refresh_unavailable` when too little time is left.
 */
export const prepareRefresh = async (deps: RefreshDeps, holding: Holding): Promise<Prepared | null> => {
  let prepared: Prepared | null = null;
  try {
    prepared = await prepareHeld(deps, holding);
    return prepared;
  } finally {
    if (prepared === null) await giveBack(deps, holding);
  }
};
