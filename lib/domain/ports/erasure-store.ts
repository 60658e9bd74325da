// The port to the erasure of a user, step by step. Each method makes one attempt and throws a PortFault when the service
// fails; each write can be repeated after a lost response.
import type { UserRecord } from './user-store.ts';

/**
 * The result of starting an erasure. An erasure already in progress is joined: `erasureId` and `since` (when it began, epoch
 * milliseconds) are then those of the other one.
 */
export type BeginErasure =
  | { kind: 'started'; erasureId: string; since: number }
  /** The user's version is not the expected one. */
  | { kind: 'refused'; userRecord: UserRecord | null };

/** A request to start an erasure under a new id, at the time `at` (epoch milliseconds). */
export interface NewErasure {
  id: string;
  at: number;
  expectedVersion?: number | undefined;
}

/** An item in the user's partition that an erasure removes. */
export interface ErasableRow {
  kind: 'credential' | 'managed' | 'other';
  /** Its sort key. */
  key: string;
  /** null unless `kind` is `credential`. */
  credentialId: string | null;
}

/** Erases a user: begin, remove rows until none is left, finish. */
export interface ErasureStore {
  /** Marks the user record, so that every other write of the user is refused from then on. */
  beginErasure(userId: string, erasure: NewErasure): Promise<BeginErasure>;
  /** Reads up to 99 rows of the user, without the user record. */
  readErasable(userId: string): Promise<ErasableRow[]>;
  /**
   * Removes rows, and the OAuth states and connect links that they point to, while that erasure is in progress; false if it has ended. At most 49
   * keys; `token` is the idempotency token.
   */
  removeRows(userId: string, erasureId: string, removal: { token: string; keys: readonly string[] }): Promise<boolean>;
  /** Clears the mark. The user record stays, with version + 1, until `forgetAtSeconds` (epoch seconds). */
  finishErasure(userId: string, erasureId: string, forgetAtSeconds: number): Promise<void>;
}
