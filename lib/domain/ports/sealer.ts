// The port that encrypts secret documents under their seal context and decrypts them again.
import type { SealContext } from '../credential/seal-context.ts';

/** An encrypted document and its wrapped data key. */
export interface Sealed {
  sealed: string;
  wrappedKey: Uint8Array;
}

/** A decrypted document, with a data key in memory for its successor. */
export interface OpenedSeal {
  document: unknown;
  /** Seals under the data key in memory. It makes no call, so a refreshed token can always be sealed. */
  reseal(context: SealContext, document: unknown): Promise<Sealed>;
}

/** Authenticated encryption: a document opens only under the context that it was sealed under. */
export interface Sealer {
  /** Throws `keys_unavailable`. */
  seal(context: SealContext, document: unknown): Promise<Sealed>;
  /** Throws `credential_unreadable` if the seal does not fit the context, `keys_unavailable` if the key service fails. */
  open(context: SealContext, sealed: Sealed): Promise<unknown>;
  /**
   * As `open`, with the same errors. A data key that has been in use for too long is replaced here, before anything is sealed;
   * `keepKey` puts that off, where a call to the key service must not come between a provider's answer and the store.
   */
  openToReseal(context: SealContext, sealed: Sealed, options?: { keepKey: boolean }): Promise<OpenedSeal>;
}
