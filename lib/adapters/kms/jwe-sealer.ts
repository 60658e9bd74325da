// Seals a document as a JWE (RFC 7516; `dir`, A256GCM) under a data key of its own. The protected header carries the hash of the
// seal context; opening compares it with the context of the row, so a seal copied to another row does not open.
import { timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { encryptionContext, hashSealContext, type SealContext } from '../../domain/credential/seal-context.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Sealed, Sealer } from '../../domain/ports/sealer.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { DataKeys } from './kms-data-keys.ts';

/** The header parameter that holds the hash of the seal context. */
const CONTEXT_HASH = 'bind';
/** The header parameter that holds when the data key was made (epoch milliseconds). It is authenticated like the hash. */
const KEY_TIME = 'keyAt';

/**
 * How long one data key is used for resealing (milliseconds). Random 96-bit IVs are safe for 2^32 seals under one key (NIST SP
 * 800-38D §8.3); at one refresh a second, 90 days are fewer than 2^23.
 */
const KEY_MAX_AGE = 90 * 86_400_000;

/** A data key in memory. */
interface HeldKey {
  plain: Uint8Array;
  wrapped: Uint8Array;
  /** Epoch milliseconds. */
  madeAt: number;
}

const encrypt = async (document: unknown, context: SealContext, key: HeldKey): Promise<Sealed> => ({
  sealed: await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(document)))
    .setProtectedHeader({
      alg: 'dir',
      enc: 'A256GCM',
      [CONTEXT_HASH]: hashSealContext(context),
      [KEY_TIME]: key.madeAt,
    })
    .encrypt(key.plain),
  wrappedKey: key.wrapped,
});

const decrypt = async (sealed: string, context: SealContext, key: Uint8Array) => {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const [found, expected] = [Buffer.from(String(protectedHeader[CONTEXT_HASH])), Buffer.from(hashSealContext(context))];
  if (found.length !== expected.length || !timingSafeEqual(found, expected))
    throw new Error('sealed under another context');
  return { document: JSON.parse(new TextDecoder().decode(plaintext)) as unknown, madeAt: protectedHeader[KEY_TIME] };
};

/** Throws `credential_unreadable`. */
const decryptOrThrow = async ({ sealed }: Sealed, context: SealContext, key: Uint8Array) => {
  try {
    return await decrypt(sealed, context, key);
  } catch (error) {
    throw new ServiceError('credential_unreadable', { cause: error });
  }
};

/** Implements `Sealer` with data keys from `keys`. */
export const jweSealer = (keys: DataKeys, clock: Clock): Sealer => {
  const makeKey = async (context: SealContext): Promise<HeldKey> => {
    const madeAt = clock.now();
    return { ...(await keys.generate(encryptionContext(context))), madeAt };
  };

  return {
    async seal(context, document) {
      const key = await makeKey(context);
      try {
        return await encrypt(document, context, key);
      } finally {
        key.plain.fill(0);
      }
    },

    async open(context, seal) {
      const plain = await keys.unwrap(seal.wrappedKey, encryptionContext(context));
      return (await decryptOrThrow(seal, context, plain)).document;
    },

    async openToReseal(context, seal, { keepKey } = { keepKey: false }) {
      const plain = await keys.unwrap(seal.wrappedKey, encryptionContext(context));
      const { document, madeAt } = await decryptOrThrow(seal, context, plain);
      // A seal without a time counts as the oldest.
      const used = { plain, wrapped: seal.wrappedKey, madeAt: typeof madeAt === 'number' ? madeAt : 0 };
      const isDue = clock.now() - used.madeAt >= KEY_MAX_AGE;
      const key = isDue && !keepKey ? await makeKey(context) : used;
      return { document, reseal: (next, successor) => encrypt(successor, next, key) };
    },
  };
};
