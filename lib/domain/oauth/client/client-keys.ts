// What identifies the service at a provider, and which way of authentication follows from it.

import { isEqualDigest } from '../../values/digest.ts';
import type { Secret } from '../../values/secret.ts';
import type { ClientAuth } from '../provider-record.ts';
import { isSameSigningKey, type SigningKey } from './signing-key.ts';

/** A client at a provider. With neither a secret nor a key it is public. */
export interface ClientKeys {
  clientId: string;
  clientSecret: Secret<string> | null;
  /** For `private_key_jwt`; absent or null: none. */
  signingKey?: SigningKey | null;
}

/** Only these fields of an object that may have more. */
export const pickClientKeys = ({ clientId, clientSecret, signingKey = null }: ClientKeys): ClientKeys => ({
  clientId,
  clientSecret,
  signingKey,
});

/**
 * How this client authenticates: as the record says, if it has what that needs. An older client may have something else than the
 * current one: then by its key, else with its secret in the body, else it sends its id alone.
 */
export const clientAuthMethod = (record: ClientAuth, { clientSecret, signingKey = null }: ClientKeys): ClientAuth => {
  if (record === 'none') return record;
  if (record === 'private_key_jwt' ? signingKey !== null : clientSecret !== null) return record;
  if (signingKey !== null) return 'private_key_jwt';
  return clientSecret === null ? 'none' : 'client_secret_post';
};

const exposeSecret = ({ clientSecret }: ClientKeys): string => clientSecret?.expose() ?? '';

/** Whether both authenticate as the same client with the same secret and key. */
export const isSameClient = (one: ClientKeys, other: ClientKeys): boolean =>
  one.clientId === other.clientId &&
  isEqualDigest(exposeSecret(one), exposeSecret(other)) &&
  isSameSigningKey(one.signingKey ?? null, other.signingKey ?? null);
