// The state of one OAuth flow: who started it, for which provider, and a payload that the table alone can't open. It is
// stored under the hash of its token and sealed with a key derived from the token (HKDF, RFC 5869); a use marks it.
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import * as z from 'zod';
import { JsonObject } from './json-object.ts';
import { ProviderName } from './names.ts';

export const StateRow = z.object({
  tokenHash: z.string(),
  userId: z.string(),
  provider: ProviderName,
  /** Payload, sealed under the token. */
  sealed: z.string(),
  /** The user's erasures when the flow began: it cannot complete after another one. */
  erasures: z.int().nonnegative(),
  /** The counting window that limits how many flows a user has open. */
  window: z.int().nonnegative(),
  usedBy: z.string().nullable(),
  createdAt: z.int().nonnegative(),
  expiresAt: z.int().nonnegative(),
});
export type StateRow = z.infer<typeof StateRow>;

export const StatePayload = z.object({
  codeVerifier: z.string(),
  scopes: z.array(z.string()),
  callbackUrl: z.string().nullable(),
  metadata: JsonObject.nullable(),
  initiatedByApiKeyId: z.string().nullable(),
});
export type StatePayload = z.infer<typeof StatePayload>;

/** Anything else is no token of ours and need not be looked up. */
export const STATE_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

const IV_BYTES = 12;
const TAG_BYTES = 16;

const payloadKey = (token: string) => Buffer.from(hkdfSync('sha256', token, '', 'keyhold/oauth-state/payload', 32));

/** Binds the payload to its row, so that it opens for no other user, provider or life span. */
const additionalData = (row: Pick<StateRow, 'userId' | 'provider' | 'expiresAt'>) =>
  Buffer.from(JSON.stringify([row.userId, row.provider, row.expiresAt]));

export const sealPayload = (
  token: string,
  row: Pick<StateRow, 'userId' | 'provider' | 'expiresAt'>,
  { payload, iv }: { payload: StatePayload; iv: Uint8Array },
): string => {
  const cipher = createCipheriv('aes-256-gcm', payloadKey(token), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(row));
  const sealed = [iv, cipher.update(JSON.stringify(payload)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
};

/** The payload, or null when the row does not fit the token. */
export const openPayload = (token: string, row: StateRow): StatePayload | null => {
  const sealed = Buffer.from(row.sealed, 'base64url');
  try {
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', payloadKey(token), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData(row));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return StatePayload.parse(JSON.parse(plain.toString()));
  } catch {
    return null;
  }
};

export const isExpired = (expiresAt: number | null, now: number): boolean => expiresAt !== null && now >= expiresAt;

export const newIv = (randomBytes: (count: number) => Uint8Array): Uint8Array => randomBytes(IV_BYTES);
