// Data keys from KMS, bound to their encryption context. A ciphertext that KMS refuses is an unreadable row; every other error
// means that keys are unavailable.
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ServiceError } from '../../domain/values/service-error.ts';
import { SDK_TIMEOUTS } from '../../platform.ts';

/** The KMS encryption context, which must be the same to unwrap as it was to generate. */
export type EncryptionContext = Record<string, string>;

/** A 256-bit data key: in plain, and encrypted by KMS. */
export interface DataKey {
  plain: Uint8Array;
  wrapped: Uint8Array;
}

/** Creates data keys under one KMS key, and decrypts them again. */
export interface DataKeys {
  /** Makes a new data key. Throws `keys_unavailable`. */
  generate(context: EncryptionContext): Promise<DataKey>;
  /** Decrypts a data key. Throws `credential_unreadable`, `keys_unavailable`. */
  unwrap(wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
}

/** At 1 s for each attempt, a call that gets no response ends within four seconds. */
const ATTEMPTS = 3;

const newClient = () =>
  new KMSClient({
    maxAttempts: ATTEMPTS,
    requestHandler: SDK_TIMEOUTS,
  });

/** Ciphertext, key and context do not belong together (AWS KMS API Reference, Decrypt, Errors). */
const UNREADABLE = new Set(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']);

/** The key is disabled, waits for its deletion or is deleted (ibid.). */
const GONE = new Set(['DisabledException', 'KMSInvalidStateException', 'NotFoundException']);

const translate = (error: unknown): ServiceError => {
  const name = error instanceof Error ? error.name : '';
  if (UNREADABLE.has(name)) return new ServiceError('credential_unreadable', { cause: error });
  return new ServiceError('keys_unavailable', { cause: error, isPermanent: GONE.has(name) });
};

const requireBytes = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new ServiceError('keys_unavailable');
  return bytes;
};

/** Makes data keys under one KMS key. */
export const kmsDataKeys = (keyId: string, client: KMSClient = newClient()): DataKeys => ({
  async generate(context) {
    try {
      const { Plaintext, CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context }),
      );
      return { plain: requireBytes(Plaintext), wrapped: requireBytes(CiphertextBlob) };
    } catch (error) {
      throw new ServiceError('keys_unavailable', { cause: error });
    }
  },

  async unwrap(wrapped, context) {
    try {
      const { Plaintext } = await client.send(
        // Without KeyId, KMS would also decrypt a ciphertext of any other key that this role may use.
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context }),
      );
      return requireBytes(Plaintext);
    } catch (error) {
      throw error instanceof ServiceError ? error : translate(error);
    }
  },
});
