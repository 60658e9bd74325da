// The door to OAuth states: open flows, each used once. As in every store a method is one attempt, and a write names itself, so
// that it may be repeated after a lost answer.
import type { StateRow } from '../oauth/oauth-state.ts';

export interface NewState {
  row: StateRow;
  /** One per operation, the same through every retry. */
  token: string;
  maxOpen: number;
}

export interface ConsumeState {
  tokenHash: string;
  /** Names this attempt; a mark that carries it is our own, however the answer was lost. */
  operationId: string;
  userId: string;
  provider: string;
  now: number;
  /** Of a device flow that ends here without a credential. */
  outcome?: 'denied' | 'expired';
}

export interface PendingCodeWrite {
  tokenHash: string;
  receiptHash: string;
  /** The code and what came with it, sealed under token and receipt. */
  pendingCode: string;
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
  createState(open: NewState): Promise<'opened' | 'too_many' | 'erasing'>;
  readState(tokenHash: string): Promise<StateRow | null>;
  /** Marks an unused, unexpired state of that user and provider as used; null when there is none. */
  consumeState(mark: ConsumeState): Promise<StateRow | null>;
  /** Parks the first code of an unused, unexpired connection; false for any other. */
  storePendingCode(park: PendingCodeWrite): Promise<boolean>;
  /** Notes that the provider sent the user back without a code. A code may still come. */
  noteDenial(tokenHash: string, now: number): Promise<boolean>;
  /** Takes the right to poll the provider until a moment; false when another has it. */
  claimPoll(claim: ClaimPoll): Promise<boolean>;
  /** Notes which credential a used state led to. */
  noteResult(tokenHash: string, credentialId: string): Promise<void>;
  /** Gives the flow's place under the limit back. At most once, best effort. */
  releaseState(row: StateRow): Promise<void>;
}
