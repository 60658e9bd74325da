// The port to a user's credentials and managed keys. Each method makes one attempt and throws a PortFault when the service
// fails; a condition that does not hold is part of the result. Each write carries an idempotency token, so a retry after a
// lost response is safe.
import type { StoredCredential, StoredManagedKey } from '../credential/credential.ts';
import type { CredentialRow, ManagedRow, RowVersion, SummaryRow } from '../credential/rows.ts';
import type { LinkSpending } from '../link/connect-link.ts';

/** The item that serializes the writes of a user: every change of credentials or managed keys raises `version` by one. */
export interface UserRecord {
  version: number;
  /** Number of stored credentials, unreadable ones included. */
  count: number;
  /** The id of the erasure in progress, else null. */
  erasing: string | null;
  /** How many erasures this user has gone through. A connection started before an erasure cannot complete after it. */
  erasures: number;
}

/** One change of one row, with the condition on that row. A `RowVersion` condition refuses a row that has changed since it was read. */
export type Change =
  | { kind: 'put'; credential: StoredCredential; when: 'absent' | RowVersion }
  | { kind: 'remove'; credentialId: string; when: 'present' | RowVersion }
  /** Replaces a stored key unless `when` says otherwise. */
  | { kind: 'putManaged'; managed: StoredManagedKey; when?: 'absent' }
  | { kind: 'removeManaged'; provider: string };

/** A write of one user: all changes or none, and version + 1. */
export interface UserWrite {
  /** Idempotency token: one per write, the same for all its attempts, at most 36 characters. */
  token: string;
  /** Refuses the write unless the user's version is this one. */
  expectedVersion?: number | undefined;
  /** Refuses the write unless the user has gone through this many erasures. */
  expectedErasures?: number | undefined;
  /** Refuses the write unless this link is still unspent, and spends it. */
  spends?: LinkSpending | undefined;
  maxCredentials: number;
  /** At most 99, or 98 with a link: DynamoDB takes 100 items in a transaction, and one is the user record. */
  changes: readonly Change[];
}

/** The result of a write. A refused write has changed nothing. */
export type WriteOutcome =
  | { kind: 'written' }
  | {
      kind: 'refused';
      /** The user record that refused the write; null if it holds its conditions or does not exist. */
      userRecord: UserRecord | null;
      /** Whether a condition on the user record (version, erasures, limit, erasing) failed. */
      userRecordRefused: boolean;
      /** Indexes of the changes whose own condition failed. */
      refused: readonly number[];
      /** The link is spent, gone or another browser's. */
      linkRefused?: boolean;
    };

/** Which of a user's credentials to read from an index: all, those of a provider, or those found by a URL of a domain. */
export type SummaryRange =
  | { kind: 'all' }
  | { kind: 'provider'; provider: string }
  /** The domain of an MCP server's resource (`findUrlDomain`) or of a host pattern (`findPatternDomain`). */
  | { kind: 'url'; domain: string };

/**
 * The credentials of a provider, or those found by a URL of a domain: their order in the index is that of creation, those of MCP servers
 * before the host-scoped ones.
 */
export type OrderedRange = Exclude<SummaryRange, { kind: 'all' }>;

/**
 * The first credential of a range in the order of creation: none, the whole row, or an item that is damaged such that it is not
 * known to be the first.
 */
export type FirstOfRange = { kind: 'none' } | { kind: 'row'; row: CredentialRow } | { kind: 'misplaced' };

/** Stores users, their credentials and their managed keys. All reads are strongly consistent. */
export interface UserStore {
  /** For what must see every row whole. Reads the user record before the credentials, so its version is never newer than the rows it belongs to. */
  readUser(userId: string): Promise<{ userRecord: UserRecord | null; rows: CredentialRow[] }>;
  readUserRecord(userId: string): Promise<UserRecord | null>;
  /** Reads what an index has of the credentials in the range, in no particular order. A row without its index key is missed. */
  readSummaries(userId: string, range: SummaryRange): Promise<SummaryRow[]>;
  /** Reads one whole row in one request, however many credentials the user has. */
  readFirst(userId: string, range: OrderedRange): Promise<FirstOfRange>;
  readCredential(userId: string, credentialId: string): Promise<CredentialRow | null>;
  readManaged(userId: string, provider: string): Promise<ManagedRow | null>;
  /** Reads all managed keys, in no particular order. */
  readManagedKeys(userId: string): Promise<{ provider: string; row: ManagedRow }[]>;
  write(userId: string, write: UserWrite): Promise<WriteOutcome>;
}
