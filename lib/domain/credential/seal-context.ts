// What a sealed document belongs to. The seal carries a hash over all of it, so that no row can be moved to another user,
// host or older version and still open; the data key is bound to its coarser part by the KMS encryption context.
import { createHash } from 'node:crypto';

export interface SealContext {
  purpose: 'credential' | 'managed';
  userId: string;
  /** Of a credential; for a managed key its provider. */
  credentialId: string;
  provider: string;
  type: string;
  host: string | null;
  secretRev: string;
}

const sha256 = (text: string, encoding: 'hex' | 'base64url') => createHash('sha256').update(text).digest(encoding);

/** JSON of a fixed list of strings is injective, so two bindings share a hash only when they are equal. */
export const hashSealContext = (binding: SealContext): string =>
  sha256(
    JSON.stringify([
      binding.purpose,
      binding.userId,
      binding.credentialId,
      binding.provider,
      binding.type,
      binding.host,
      binding.secretRev,
    ]),
    'base64url',
  );

/** The KMS encryption context. CloudTrail keeps it, and user ids are often e-mail addresses: hence the hash. */
export const encryptionContext = (binding: SealContext): Record<string, string> => ({
  user: sha256(binding.userId, 'hex'),
  credentialId: binding.credentialId,
  purpose: binding.purpose,
});
