// Seals secret documents and opens them again.
import type { SealContext } from '../credential/seal-context.ts';

export interface Sealed {
  sealed: string;
  wrappedKey: Uint8Array;
}

/** A seal that was opened to put another document in its place. */
export interface OpenedSeal {
  document: unknown;
  /** Seals under the same data key, which is at hand: no call is made, so nothing is left that could fail. */
  reseal(binding: SealContext, document: unknown): Promise<string>;
}

export interface Sealer {
  /** Throws `keys_unavailable`. */
  seal(binding: SealContext, document: unknown): Promise<Sealed>;
  /** Throws `credential_unreadable` when the seal does not fit the binding, `keys_unavailable` when keys can't be had. */
  open(binding: SealContext, sealed: Sealed): Promise<unknown>;
  /** As `open`. */
  openToReseal(binding: SealContext, sealed: Sealed): Promise<OpenedSeal>;
}
