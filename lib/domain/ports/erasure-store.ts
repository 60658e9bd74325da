// The door to the erasing of a user, step by step. As in every store a method is one attempt, and a write names itself, so that
// it may be repeated after a lost answer.
import type { UserRecord } from './user-store.ts';

export type BeginErasure =
  | {
      begun: true /** The given id, or that of an erasure already under way, which is then joined as it is. */;
      erasureId: string;
    }
  | { begun: false; head: UserRecord | null };

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
