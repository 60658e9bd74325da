// Seals a document as a JWE (RFC 7516; `dir`, A256GCM) under a data key of its own. The protected header carries the hash of the
// seal context; opening compares it with the context of the row, so a seal copied to another row does not open.
import { timingSafeEqual } from 'node:crypto';
import { encryptionContext, hashSealContext, type SealContext } from '../../domain/credential/seal-context.ts';
import type { Clock, Random } from '../../domain/ports/runtime.ts';
import type { Sealed, Sealer } from '../../domain/ports/sealer.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { decryptCompact, encryptCompact, IV_BYTES } from './compact-jwe.ts';
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

const decrypt = (sealed: string, context: SealContext, key: Uint8Array) => {
  const { plaintext, header } = decryptCompact(sealed, key);
  const [found, expected] = [Buffer.from(String(header[CONTEXT_HASH])), Buffer.from(hashSealContext(context))];
  if (found.length !== expected.length || !timingSafeEqual(found, expected))
    throw new Error('sealed under another context');
  return { document: JSON.parse(plaintext) as unknown, madeAt: header[KEY_TIME] };
};

/** Throws `credential_unreadable`. */
const decryptOrThrow = ({ sealed }: Sealed, context: SealContext, key: Uint8Array) => {
  try {
    return decrypt(sealed, context, key);
  } catch (error) {
    throw new ServiceError('credential_unreadable', { cause: error });
  }
};

/** Implements `Sealer` with data keys from `keys`, and each IV from `random`, which must be cryptographic. */
export const jweSealer = (keys: DataKeys, clock: Clock, random: Pick<Random, 'bytes'>): Sealer => {
  const encrypt = (document: unknown, context: SealContext, { plain, wrapped, madeAt }: HeldKey): Sealed => {
    const parameters = { [CONTEXT_HASH]: hashSealContext(context), [KEY_TIME]: madeAt };
    const sealed = encryptCompact(JSON.stringify(document), parameters, { key: plain, iv: random.bytes(IV_BYTES) });
    return { sealed, wrappedKey: wrapped };
  };

  const makeKey = async (context: SealContext): Promise<HeldKey> => {
    const madeAt = clock.now();
    return { ...(await keys.generate(encryptionContext(context))), madeAt };
  };

  return {
    async seal(context, document) {
      const key = await makeKey(context);
      try {
        return encrypt(document, context, key);
      } finally {
        key.plain.fill(0);
      }
    },

    async open(context, seal) {
      const plain = await keys.unwrap(seal.wrappedKey, encryptionContext(context));
      return decryptOrThrow(seal, context, plain).document;
    },

    async openToReseal(context, seal, options) {
      const plain = await keys.unwrap(seal.wrappedKey, encryptionContext(context));
      const { document, madeAt } = decryptOrThrow(seal, context, plain);
      // A seal without a time counts as the oldest.
      const used = { plain, wrapped: seal.wrappedKey, madeAt: typeof madeAt === 'number' ? madeAt : 0 };
      const isDue = clock.now() - used.madeAt >= KEY_MAX_AGE;
      const key = isDue && options?.keepKey !== true ? await makeKey(context) : used;
      return { document, reseal: async (next, successor) => encrypt(successor, next, key) };
    },
  };
};
