// Seals what belongs to a flow under a key derived from its token (HKDF, RFC 5869), of which the table holds only the hash:
// the table alone opens nothing, and no KMS call is needed. Bound to the row, so that it opens for no other.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { StateRow } from './oauth-state.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The parts of a row that a seal is bound to. */
export type SealedRow = Pick<StateRow, 'userId' | 'provider' | 'kind' | 'expiresAt'>;

export interface TokenKey {
  /** The token, and for a pending code also the receipt. */
  secrets: readonly string[];
  use: 'payload' | 'pending_code';
}

const keyOf = ({ secrets, use }: TokenKey) =>
  Buffer.from(hkdfSync('sha256', JSON.stringify(secrets), '', `keyhold/oauth-state/${use}`, 32));

const additionalData = (row: SealedRow) =>
  Buffer.from(JSON.stringify([row.userId, row.provider, row.kind, row.expiresAt]));

export const newIv = (randomBytes: (count: number) => Uint8Array): Uint8Array => randomBytes(IV_BYTES);

export const sealUnderToken = (
  key: TokenKey,
  row: SealedRow,
  { document, iv }: { document: unknown; iv: Uint8Array },
): string => {
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(row));
  const sealed = [iv, cipher.update(JSON.stringify(document)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
};

/** The document, or undefined when the row does not fit the key. */
export const openUnderToken = (key: TokenKey, row: SealedRow, text: string): unknown => {
  const sealed = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(key), sealed.subarray(0, IV_BYTES), {
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
