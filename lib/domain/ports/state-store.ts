// The port to OAuth states, each of which can be consumed once. Each method makes one attempt and throws a PortFault when the
// service fails; unless it says otherwise, a write can be repeated after a lost response.
import type { Place, StateRow } from '../oauth/oauth-state.ts';

/** A state to store. */
export interface NewState {
  row: StateRow;
  /** Idempotency token: one per operation, the same for all its attempts. */
  token: string;
  /** The limit of open states of one user; null for a place that is taken already. */
  maxOpen: number | null;
}

/** How storing a state ended. */
export type CreatedState = 'opened' | 'too_many' | 'erasing' | 'taken';

/** A place among the open states of one user, taken before the provider is called. */
export interface TakePlace {
  place: Place;
  /** When the place is given back at the latest, in epoch milliseconds. */
  expiresAt: number;
  /** Idempotency token: one per operation, the same for all its attempts. */
  token: string;
  /** The limit of open states of one user. */
  maxOpen: number;
}

/** Who consumes which state. Times are epoch milliseconds. */
export interface ConsumeState {
  tokenHash: string;
  /** Identifies the operation: a state already consumed under this id was consumed by an earlier attempt of the same operation. */
  operationId: string;
  userId: string;
  provider: string;
  now: number;
  /** As it was read, null without one: a new receipt voids the one that this operation has checked. */
  receiptHash: string | null;
  /** For a device flow that ends without a credential. */
  outcome?: 'denied' | 'expired';
}

/** The authorization code that the provider sent back. */
export interface PendingCodeWrite {
  tokenHash: string;
  receiptHash: string;
  /** The code and its callback parameters, sealed under the state's token and the receipt. */
  pendingCode: string;
  /** The hash of the response that brought the code. */
  codeHash: string;
  /** A stored code is replaced by the same response if it first arrived after this time (epoch milliseconds). */
  repeatableAfter: number;
  now: number;
}

/** A claim on the next poll of a device flow. Times are epoch milliseconds. */
export interface ClaimPoll {
  tokenHash: string;
  /** `pollAfter` as it was read. */
  from: number;
  /** `pollAfter` to write. */
  until: number;
  pollSeconds: number;
  now: number;
}

/** Stores OAuth states under the hash of their token. A state is active while it is neither consumed nor expired. */
export interface StateStore {
  /** Counts one more open state, without storing it. Refused as `createState` is. */
  takePlace(take: TakePlace): Promise<'opened' | 'too_many' | 'erasing'>;
  /**
   * Stores a state, unless the user is being or has been erased (`erasing`), has too many open states (`too_many`), or the token is
   * that of another state (`taken`), consumed or not.
   */
  createState(state: NewState): Promise<CreatedState>;
  readState(tokenHash: string): Promise<StateRow | null>;
  /** Consumes an active state of that user and provider; null if there is none. */
  consumeState(mark: ConsumeState): Promise<StateRow | null>;
  /**
   * Stores the first code that arrives for an active connection, and again the same response if it is repeatable; false for any
   * other code and any other state.
   */
  storePendingCode(code: PendingCodeWrite): Promise<boolean>;
  /** Records that the provider redirected without a code; false if a code is stored or the state is not active. A code may still arrive. */
  noteDenial(tokenHash: string, now: number): Promise<boolean>;
  /** Claims the right to poll the provider until `until`; false if another caller has it. */
  claimPoll(claim: ClaimPoll): Promise<boolean>;
  /** Records the credential that a consumed state led to. */
  noteResult(tokenHash: string, credentialId: string): Promise<void>;
  /** Decrements the user's count of open states. Best effort, never repeated: a second decrement would lift the limit. */
  releaseState(row: StateRow): Promise<void>;
}
