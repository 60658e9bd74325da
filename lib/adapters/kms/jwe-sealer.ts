// Seals a document as a JWE (RFC 7516; `dir`, A256GCM) under a data key of its own. The protected header carries the hash
// of what the document belongs to, and opening recomputes it: a seal in the wrong place does not open.
import { timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { encryptionContext, hashSealContext, type SealContext } from '../../domain/credential/seal-context.ts';
import type { Sealed, Sealer } from '../../domain/ports/sealer.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { DataKeys } from './kms-data-keys.ts';

/** The header parameter that holds the binding's hash. */
const BINDING = 'bind';

const encrypt = (document: unknown, binding: SealContext, key: Uint8Array): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(document)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', [BINDING]: hashSealContext(binding) })
    .encrypt(key);

const decrypt = async (sealed: string, binding: SealContext, key: Uint8Array): Promise<unknown> => {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const [found, expected] = [Buffer.from(String(protectedHeader[BINDING])), Buffer.from(hashSealContext(binding))];
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) throw new Error('bound to something else');
  return JSON.parse(new TextDecoder().decode(plaintext));
};

/** Throws `credential_unreadable`. */
const opened = async ({ sealed }: Sealed, binding: SealContext, key: Uint8Array): Promise<unknown> => {
  try {
    return await decrypt(sealed, binding, key);
  } catch (error) {
    throw new ServiceError('credential_unreadable', { cause: error });
  }
};

export const jweSealer = (keys: DataKeys): Sealer => ({
  async seal(binding, document) {
    const { plain, wrapped } = await keys.generate(encryptionContext(binding));
    try {
      return { sealed: await encrypt(document, binding, plain), wrappedKey: wrapped };
    } finally {
      plain.fill(0);
    }
  },

  async open(binding, seal) {
    return opened(seal, binding, await keys.unwrap(seal.wrappedKey, encryptionContext(binding)));
  },

  async openToReseal(binding, seal) {
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(binding));
    // One key seals many documents: their random 96-bit IVs stay apart for 2^32 of them (NIST SP 800-38D §8.3).
    return {
      document: await opened(seal, binding, key),
      reseal: (next, document) => encrypt(document, next, key),
    };
  },
});
