// The door to a user's credentials and managed keys. Each method is one attempt: a fault of the service is a PortFault, a
// condition that did not hold is part of the answer. A write names itself (its token), so that it may be repeated after a lost
// answer.
import type { StoredCredential, StoredManagedKey } from '../credential/credential.ts';
import type { CredentialRow, ManagedRow, RowVersion } from '../credential/rows.ts';

/** The per-user lock: its version grows by one with every change of credentials or managed keys. */
export interface UserRecord {
  version: number;
  count: number;
  /** The id of the erasure under way, else null. */
  erasing: string | null;
  /** How many erasures this user has gone through; a flow begun before one cannot complete after it. */
  erasures: number;
}

export type Change =
  | { kind: 'put'; credential: StoredCredential; when: 'absent' | RowVersion }
  | { kind: 'remove'; credentialId: string; when: 'present' | RowVersion }
  | { kind: 'putManaged'; managed: StoredManagedKey }
  | { kind: 'removeManaged'; provider: string };

/** One change of a user: all of it or nothing, with the version moved on by one. */
export interface UserWrite {
  /** One per operation, the same through every retry, so that a repeated attempt finds its own work done. */
  token: string;
  /** The version the caller has seen, when it matters. */
  expectedVersion?: number | undefined;
  /** How many erasures the user had been through when this began: it does not happen after another one. */
  expectedErasures?: number | undefined;
  maxCredentials: number;
  /** At most 99. */
  changes: readonly Change[];
}

export type WriteOutcome =
  | { written: true }
  | {
      written: false;
      head: UserRecord | null;
      /** Whether the head's own condition (version, limit, erasing) was among what did not hold. */
      headRefused: boolean;
      /** Indexes of the changes whose condition did not hold. */
      refused: readonly number[];
    };

export interface UserStore {
  /** Head first, then the credentials, so that the version is never newer than what it guards. Strongly consistent. */
  readUser(userId: string): Promise<{ head: UserRecord | null; rows: CredentialRow[] }>;
  readUserRecord(userId: string): Promise<UserRecord | null>;
  readCredential(userId: string, credentialId: string): Promise<CredentialRow | null>;
  readManaged(userId: string, provider: string): Promise<ManagedRow | null>;
  write(userId: string, write: UserWrite): Promise<WriteOutcome>;
}
