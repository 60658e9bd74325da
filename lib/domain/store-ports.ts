// The doors to the table. Each method is one attempt: a fault of the service is a PortFault, a condition that did not hold
// is part of the answer. Every write names itself (token, operation id), so that it may be repeated after a lost answer.
import type { BrokenReason, StoredCredential, StoredManagedKey } from './credential.ts';
import type { StateRow } from './oauth-state.ts';
import type { Due } from './refresh-due.ts';
import type { RefreshLease } from './refresh-lease.ts';
import type { CredentialRow, ManagedRow } from './rows.ts';

/** The per-user lock: its version grows by one with every change of credentials or managed keys. */
export interface UserHead {
  version: number;
  count: number;
  /** The id of the erasure under way, else null. */
  erasing: string | null;
  /** How many erasures this user has gone through; a flow begun before one cannot complete after it. */
  erasures: number;
}

/** What a row held when it was read, whatever its shape: a write conditioned on it loses to any other writer. */
export interface Fence {
  version: unknown;
  secretRev: unknown;
}

export type Change =
  | { kind: 'put'; credential: StoredCredential; when: 'absent' | Fence }
  | { kind: 'remove'; credentialId: string; when: 'present' | Fence }
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
      head: UserHead | null;
      /** Whether the head's own condition (version, limit, erasing) was among what did not hold. */
      headRefused: boolean;
      /** Indexes of the changes whose condition did not hold. */
      refused: readonly number[];
    };

export interface UserStore {
  /** Head first, then the credentials, so that the version is never newer than what it guards. Strongly consistent. */
  readUser(userId: string): Promise<{ head: UserHead | null; rows: CredentialRow[] }>;
  readHead(userId: string): Promise<UserHead | null>;
  readCredential(userId: string, credentialId: string): Promise<CredentialRow | null>;
  readManaged(userId: string, provider: string): Promise<ManagedRow | null>;
  write(userId: string, write: UserWrite): Promise<WriteOutcome>;
}

/** A grant by its key. */
export interface GrantKey {
  userId: string;
  credentialId: string;
}

/** What a refresh makes of a grant: another secret, under another secretRev, and what is known of it. */
export type RefreshedSecret = Pick<
  StoredCredential,
  | 'secretRev'
  | 'tokenRev'
  | 'sealed'
  | 'scopes'
  | 'expiresAt'
  | 'refreshTokenExpiresAt'
  | 'hasRefreshToken'
  | 'secretStoredAt'
  | 'usedDay'
  | 'dueShard'
  | 'dueAt'
>;

/** An entry of the sweep's index: a hint, the row is the truth. */
export interface DueGrant extends GrantKey {
  dueAt: number;
}

/**
 * What happens to a grant while it is refreshed. None of it touches the user's head or version; each write of the row names
 * the secret it was made from and lands only while that stands.
 */
export interface GrantStore {
  readLease(key: GrantKey): Promise<RefreshLease | null>;
  /** Puts `to` in the place of `from` (null: of none); false when something else stands there. */
  swapLease(key: GrantKey, swap: { from: RefreshLease | null; to: RefreshLease; ttlSeconds: number }): Promise<boolean>;
  /**
   * Stores a refresh's result in the place of the secret that was exchanged, beside whatever else was changed meanwhile; gives
   * the row as it then is, or null when that secret is no longer there.
   */
  storeRefreshed(key: GrantKey, exchangedRev: string, refreshed: RefreshedSecret): Promise<CredentialRow | null>;
  /** Notes why this secret can't be refreshed any more; gives the reason that stands then, null when it is no longer there. */
  markBroken(key: GrantKey, secretRev: string, reason: BrokenReason): Promise<BrokenReason | null>;
  /** Notes that this secret was used on a day, and when it is due then. At most once, best effort. */
  noteUse(key: GrantKey, secretRev: string, use: { usedDay: number; due: Due | null }): Promise<void>;
  /** Puts the grant elsewhere in the index, or nowhere, while it stands there at `from`. At most once, best effort. */
  moveDue(key: GrantKey, from: number, due: Due | null): Promise<void>;
  /** Those of a shard that are due by a moment, longest due first; `next` leads on. */
  findDue(shard: string, until: number, after?: string): Promise<{ grants: DueGrant[]; next: string | null }>;
}

export type BeginErasure =
  | {
      begun: true /** The given id, or that of an erasure already under way, which is then joined as it is. */;
      erasureId: string;
    }
  | { begun: false; head: UserHead | null };

export interface ErasableRow {
  kind: 'credential' | 'managed' | 'other';
  key: string;
  /** Of a credential. */
  credentialId: string | null;
}

export interface ErasureStore {
  beginErasure(userId: string, erasureId: string, expectedVersion?: number): Promise<BeginErasure>;
  /** Up to 99 rows of the user, its head excepted. */
  readErasable(userId: string): Promise<ErasableRow[]>;
  /** Removes them while that erasure is under way; false when it has ended. */
  removeRows(userId: string, erasureId: string, removal: { token: string; keys: readonly string[] }): Promise<boolean>;
  /** Leaves the bare head, its version counting on, to be removed after `forgetAtSeconds`. */
  finishErasure(userId: string, erasureId: string, forgetAtSeconds: number): Promise<void>;
}

export interface OpenState {
  row: StateRow;
  /** One per operation, the same through every retry. */
  token: string;
  maxOpen: number;
}

export interface MarkState {
  tokenHash: string;
  /** Names this attempt; a mark that carries it is our own, however the answer was lost. */
  operationId: string;
  userId: string;
  provider: string;
  now: number;
  /** Of a device flow that ends here without a credential. */
  outcome?: 'denied' | 'expired';
}

export interface ParkCode {
  tokenHash: string;
  receiptHash: string;
  /** The code and what came with it, sealed under token and receipt. */
  parked: string;
  now: number;
}

export interface ClaimPoll {
  tokenHash: string;
  /** What the row said when it was read, and what it is to say. */
  from: number;
  until: number;
  pollSeconds: number;
  now: number;
}

export interface StateStore {
  openState(open: OpenState): Promise<'opened' | 'too_many' | 'erasing'>;
  readState(tokenHash: string): Promise<StateRow | null>;
  /** Marks an unused, unexpired state of that user and provider as used; null when there is none. */
  markStateUsed(mark: MarkState): Promise<StateRow | null>;
  /** Parks the first code of an unused, unexpired connection; false for any other. */
  parkCode(park: ParkCode): Promise<boolean>;
  /** Notes that the provider sent the user back without a code. A code may still come. */
  noteDenial(tokenHash: string, now: number): Promise<boolean>;
  /** Takes the right to poll the provider until a moment; false when another has it. */
  claimPoll(claim: ClaimPoll): Promise<boolean>;
  /** Notes which credential a used state led to. */
  noteResult(tokenHash: string, credentialId: string): Promise<void>;
  /** Gives the flow's place under the limit back. At most once, best effort. */
  releaseState(row: StateRow): Promise<void>;
}

/** What users may know of the configuration; nothing secret. */
export interface PublishedConfiguration {
  systemCredentialIds: readonly string[];
  /** Of the providers the operator has configured, what users may know. */
  providers: readonly PublishedProvider[];
}

export interface PublishedProvider {
  provider: string;
  displayName: string;
  defaultScopes: readonly string[];
}

export interface ConfigurationStore {
  readConfiguration(): Promise<PublishedConfiguration | null>;
  writeConfiguration(configuration: PublishedConfiguration): Promise<void>;
}
