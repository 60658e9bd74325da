// Data keys from KMS, bound to their encryption context: generated wrapped and plain, or unwrapped again. What KMS calls a
// wrong ciphertext is a broken row; everything else it says is that keys can't be had now.
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ServiceError } from '../../domain/values/service-error.ts';

export type EncryptionContext = Record<string, string>;

export interface DataKey {
  plain: Uint8Array;
  wrapped: Uint8Array;
}

export interface DataKeys {
  /** Throws `keys_unavailable`. */
  generate(context: EncryptionContext): Promise<DataKey>;
  /** Throws `credential_unreadable`, `keys_unavailable`. */
  unwrap(wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
}

const CONNECT_MILLISECONDS = 500;
/** With three attempts a call that hangs ends within four seconds. */
const ATTEMPT_MILLISECONDS = 1_000;
const ATTEMPTS = 3;

const newClient = () =>
  new KMSClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ATTEMPT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });

/** Says that this ciphertext, key and context do not belong together (AWS KMS API Reference, Decrypt, Errors). */
const BROKEN = new Set(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']);

const translate = (error: unknown): ServiceError => {
  const broken = error instanceof Error && BROKEN.has(error.name);
  return new ServiceError(broken ? 'credential_unreadable' : 'keys_unavailable', { cause: error });
};

const required = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new ServiceError('keys_unavailable');
  return bytes;
};

export const kmsDataKeys = (keyId: string, client: KMSClient = newClient()): DataKeys => ({
  async generate(context) {
    try {
      const { Plaintext, CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context }),
      );
      return { plain: required(Plaintext), wrapped: required(CiphertextBlob) };
    } catch (error) {
      throw new ServiceError('keys_unavailable', { cause: error });
    }
  },

  async unwrap(wrapped, context) {
    try {
      const { Plaintext } = await client.send(
        // Naming the key keeps a ciphertext of another key of ours from being opened instead.
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context }),
      );
      return required(Plaintext);
    } catch (error) {
      throw error instanceof ServiceError ? error : translate(error);
    }
  },
});
