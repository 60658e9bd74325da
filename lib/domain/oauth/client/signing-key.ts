// The private key that a client signs its assertions with (RFC 7523 §2.2). Held as a Secret: nothing prints it, and no error tells
// why a text is no key.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Secret } from '../../values/secret.ts';

/** A key, and the `kid` that the provider knows its public half by; null: it is not named. */
export interface SigningKey {
  privateKey: Secret<KeyObject>;
  keyId: string | null;
}

/** RFC 7518 §3.3. */
const LEAST_RSA_BITS = 2048;
/** Those of ES256, ES384 and ES512 (RFC 7518 §3.4). */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Whether a JWS algorithm is known for keys of this type: RS256, ES256, ES384, ES512 or EdDSA with Ed25519. */
const canSign = ({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean => {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails.modulusLength ?? 0) >= LEAST_RSA_BITS;
  if (asymmetricKeyType === 'ec') return CURVES.has(asymmetricKeyDetails.namedCurve ?? '');
  return asymmetricKeyType === 'ed25519';
};

const readPrivateKey = (pem: string): KeyObject | null => {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
};

/** Reads an unencrypted PEM (PKCS#8, PKCS#1 or SEC 1); null if it is none, or its key cannot sign assertions. */
export const readSigningKey = (pem: string, keyId: string | null): SigningKey | null => {
  const key = readPrivateKey(pem);
  return key !== null && canSign(key) ? { privateKey: new Secret(key), keyId } : null;
};

/**
 * Keys of two types are not given to OpenSSL: it keeps "different key types" as an error that Node reports for the next key it reads
 * in this process (found in Node 24.21).
 */
const isSameKey = (one: KeyObject, other: KeyObject): boolean =>
  one.asymmetricKeyType === other.asymmetricKeyType && one.equals(other);

/** Whether both are the same key under the same name. `null`: none. */
export const isSameSigningKey = (one: SigningKey | null, other: SigningKey | null): boolean => {
  if (one === null || other === null) return one === other;
  return one.keyId === other.keyId && isSameKey(one.privateKey.expose(), other.privateKey.expose());
};
