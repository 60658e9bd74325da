// The port that encrypts secret documents under their seal context and decrypts them again.
import type { SealContext } from '../credential/seal-context.ts';

/** An encrypted document and its wrapped data key. */
export interface Sealed {
  sealed: string;
  wrappedKey: Uint8Array;
}

/** A decrypted document whose successor can be sealed under the same data key. */
export interface OpenedSeal {
  document: unknown;
  /** Seals under the data key in memory. It makes no call, so a refreshed token can always be sealed. */
  reseal(context: SealContext, document: unknown): Promise<string>;
}

/** Authenticated encryption: a document opens only under the context that it was sealed under. */
export interface Sealer {
  /** Throws `keys_unavailable`. */
  seal(context: SealContext, document: unknown): Promise<Sealed>;
  /** Throws `credential_unreadable` if the seal does not fit the context, `keys_unavailable` if the key service fails. */
  open(context: SealContext, sealed: Sealed): Promise<unknown>;
  /** As `open`, with the same errors. */
  openToReseal(context: SealContext, sealed: Sealed): Promise<OpenedSeal>;
}
