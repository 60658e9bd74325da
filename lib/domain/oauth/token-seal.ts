// Seals a flow's data with AES-256-GCM under a key derived from its token (HKDF, RFC 5869). The table holds only the token's
// hash, so it alone opens nothing, and no KMS call is needed. Bound to the row: a copy in another row does not open.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { StateRow } from './oauth-state.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The fields of a row that a seal is bound to. A connect link has no provider of its own (null). */
export interface SealedRow extends Pick<StateRow, 'userId' | 'expiresAt'> {
  provider: string | null;
  kind: StateRow['kind'] | 'link';
}

/** What a key is derived from. Different uses give different keys. */
export interface TokenKey {
  /** The token; for a pending code the token and the receipt. */
  secrets: readonly string[];
  use: 'payload' | 'pending_code' | 'link';
}

const deriveKey = ({ secrets, use }: TokenKey) =>
  Buffer.from(hkdfSync('sha256', JSON.stringify(secrets), '', `keyhold/oauth-state/${use}`, 32));

const additionalData = (row: SealedRow) =>
  Buffer.from(JSON.stringify([row.userId, row.provider, row.kind, row.expiresAt]));

/** A new 96-bit IV (NIST SP 800-38D §8.2). Every seal needs its own. */
export const newIv = (randomBytes: (count: number) => Uint8Array): Uint8Array => randomBytes(IV_BYTES);

/** Seals a JSON document; returns IV, ciphertext and tag in base64url. */
export const sealUnderToken = (
  key: TokenKey,
  row: SealedRow,
  { document, iv }: { document: unknown; iv: Uint8Array },
): string => {
  const cipher = createCipheriv('aes-256-gcm', deriveKey(key), iv);
  cipher.setAAD(additionalData(row));
  const sealed = [iv, cipher.update(JSON.stringify(document)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
};

/** The document; undefined when the seal does not open with this key for this row. */
export const openUnderToken = (key: TokenKey, row: SealedRow, text: string): unknown => {
  const sealed = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(key), sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData(row));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = [decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
    return JSON.parse(Buffer.concat(plain).toString());
  } catch {
    return undefined;
  }
};
