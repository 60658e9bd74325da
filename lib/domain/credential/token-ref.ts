// Names the token or key in an answer of resolve, so that a caller can report it as refused. The name of a stored secret is made from
// a random id and from nothing of the secret, so it cannot be used to guess one, and comparing it opens nothing.
import { hmacSha256, sha256 } from '../values/digest.ts';
import type { SecretDocument, StoredCredential } from './credential.ts';

/** The id of the stored access token or key: new with every other one, kept while a new sealing holds the same one. */
export const accessTokenRev = ({ accessRev, secretRev }: Pick<StoredCredential, 'accessRev' | 'secretRev'>): string =>
  accessRev ?? secretRev;

/** The `tokenRef` of a user's credential, the same in every process: the SHA-256 of its ids, in hex. */
export const storedTokenRef = (
  credential: Pick<StoredCredential, 'userId' | 'id' | 'accessRev' | 'secretRev'>,
): string => sha256(JSON.stringify(['token', credential.userId, credential.id, accessTokenRev(credential)]), 'hex');

/**
 * The `tokenRef` of a system credential. It has no row, so every process must compute the same name from the secret alone: the
 * HMAC-SHA-256 of the id, with the secret as the key, in hex.
 */
export const systemTokenRef = (credentialId: string, secret: SecretDocument): string =>
  hmacSha256(JSON.stringify(secret), credentialId);
