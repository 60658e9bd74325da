// Seals a document as a JWE (RFC 7516; `dir`, A256GCM) under a data key of its own. The protected header carries the hash of the
// seal context; opening compares it with the context of the row, so a seal copied to another row does not open.
import { timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { encryptionContext, hashSealContext, type SealContext } from '../../domain/credential/seal-context.ts';
import type { Sealed, Sealer } from '../../domain/ports/sealer.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { DataKeys } from './kms-data-keys.ts';

/** The header parameter that holds the hash of the seal context. */
const CONTEXT_HASH = 'bind';

const encrypt = (document: unknown, context: SealContext, key: Uint8Array): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(document)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', [CONTEXT_HASH]: hashSealContext(context) })
    .encrypt(key);

const decrypt = async (sealed: string, context: SealContext, key: Uint8Array): Promise<unknown> => {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const [found, expected] = [Buffer.from(String(protectedHeader[CONTEXT_HASH])), Buffer.from(hashSealContext(context))];
  if (found.length !== expected.length || !timingSafeEqual(found, expected))
    throw new Error('sealed under another context');
  return JSON.parse(new TextDecoder().decode(plaintext));
};

/** Throws `credential_unreadable`. */
const decryptOrThrow = async ({ sealed }: Sealed, context: SealContext, key: Uint8Array): Promise<unknown> => {
  try {
    return await decrypt(sealed, context, key);
  } catch (error) {
    throw new ServiceError('credential_unreadable', { cause: error });
  }
};

/** Implements `Sealer` with data keys from `keys`. */
export const jweSealer = (keys: DataKeys): Sealer => ({
  async seal(context, document) {
    const { plain, wrapped } = await keys.generate(encryptionContext(context));
    try {
      return { sealed: await encrypt(document, context, plain), wrappedKey: wrapped };
    } finally {
      plain.fill(0);
    }
  },

  async open(context, seal) {
    return decryptOrThrow(seal, context, await keys.unwrap(seal.wrappedKey, encryptionContext(context)));
  },

  async openToReseal(context, seal) {
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(context));
    // Resealing uses the key again: with random 96-bit IVs that is safe for up to 2^32 documents (NIST SP 800-38D §8.3).
    return {
      document: await decryptOrThrow(seal, context, key),
      reseal: (next, document) => encrypt(document, next, key),
    };
  },
});
