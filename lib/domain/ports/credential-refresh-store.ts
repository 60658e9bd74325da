// The door to what happens to a grant while it is refreshed. None of it touches the user's head or version; each write of the
// row names the secret it was made from and lands only while that stands. As in every store a method is one attempt.
import type { BrokenReason } from '../credential/credential.ts';
import type { CredentialRow } from '../credential/rows.ts';
import type { RefreshLease } from '../refresh/lease.ts';
import type { RefreshedSecret } from '../refresh/result.ts';
import type { Renewal } from '../refresh/schedule.ts';

/** A grant by its key. */
export interface CredentialKey {
  userId: string;
  credentialId: string;
}

/** An entry of the sweep's index: a hint, the row is the truth. */
export interface DueCredential extends CredentialKey {
  dueAt: number;
}

export interface CredentialRefreshStore {
  readLease(key: CredentialKey): Promise<RefreshLease | null>;
  /** Puts `to` in the place of `from` (null: of none); false when something else stands there. */
  swapLease(
    key: CredentialKey,
    swap: { from: RefreshLease | null; to: RefreshLease; ttlSeconds: number },
  ): Promise<boolean>;
  /**
   * Stores a refresh's result in the place of the secret that was exchanged, beside whatever else was changed meanwhile; gives
   * the row as it then is, or null when that secret is no longer there.
   */
  storeRefreshed(key: CredentialKey, exchangedRev: string, refreshed: RefreshedSecret): Promise<CredentialRow | null>;
  /** Notes why this secret can't be refreshed any more; gives the reason that stands then, null when it is no longer there. */
  markReconnectRequired(key: CredentialKey, secretRev: string, reason: BrokenReason): Promise<BrokenReason | null>;
  /** Notes that this secret was used on a day, and when it is due then. At most once, best effort. */
  noteUse(key: CredentialKey, secretRev: string, use: { usedDay: number; due: Renewal | null }): Promise<void>;
  /** Puts the grant elsewhere in the index, or nowhere, while it stands there at `from`. At most once, best effort. */
  rescheduleRenewal(key: CredentialKey, from: number, due: Renewal | null): Promise<void>;
  /** Those of a shard that are due by a moment, longest due first; `next` leads on. */
  findDue(shard: string, until: number, after?: string): Promise<{ grants: DueCredential[]; next: string | null }>;
}
