// The port to the writes of a refresh. None touches the user record or its version. Each write of the row is conditioned on the
// secretRev it was made from. Each method is one attempt; the retrying port repeats it.
import type { BrokenReason } from '../credential/credential.ts';
import type { CredentialRow } from '../credential/rows.ts';
import type { RefreshLease } from '../refresh/lease.ts';
import type { RefreshedSecret } from '../refresh/result.ts';
import type { Renewal } from '../refresh/schedule.ts';

/** Identifies one credential. */
export interface CredentialKey {
  userId: string;
  credentialId: string;
}

/** An entry of the sweep's index. It may be outdated: read the row before acting. */
export interface DueCredential extends CredentialKey {
  dueAt: number;
}

/** The refresh's view of the table. Each method throws a PortFault when the table fails. */
export interface CredentialRefreshStore {
  readLease(key: CredentialKey): Promise<RefreshLease | null>;
  /** The secretRev of the row, and nothing else of it; null when the row is gone or its secret is not refreshable. */
  readSecretRev(key: CredentialKey): Promise<string | null>;
  /** Replaces the lease `from` (null: no lease) by `to`; false when another lease is stored, it was erased, or none is seen and the credential is gone. */
  swapLease(
    key: CredentialKey,
    swap: { from: RefreshLease | null; to: RefreshLease; ttlSeconds: number },
  ): Promise<boolean>;
  /**
   * Stores a refresh's result if the row still has the secret that was exchanged; other fields keep their present values.
   * Returns the row as stored, or null when the row has another secret or is gone.
   */
  storeRefreshed(key: CredentialKey, exchangedRev: string, refreshed: RefreshedSecret): Promise<CredentialRow | null>;
  /** Marks the secret as not refreshable. Returns the stored reason, or null when the row has another secret or is gone. */
  markReconnectRequired(key: CredentialKey, secretRev: string, reason: BrokenReason): Promise<BrokenReason | null>;
  /** Stores the day of use and the planned renewal. Not retried: a lost write is repeated by the next use. */
  noteUse(key: CredentialKey, secretRev: string, use: { usedDay: number; due: Renewal | null }): Promise<void>;
  /** Moves the renewal planned for `from` (null: removes it from the index). Not retried: the next sweep repeats it. */
  rescheduleRenewal(key: CredentialKey, from: number, due: Renewal | null): Promise<void>;
  /** Lists one page of a shard's credentials due by `until` (epoch milliseconds), earliest first; `next` continues. */
  findDue(shard: string, until: number, after?: string): Promise<{ credentials: DueCredential[]; next: string | null }>;
}
