// Authenticates a client with an assertion that it signs (`private_key_jwt`; RFC 7521 §4.2, RFC 7523 §2.2). openid-client makes the
// assertion: issuer and subject are the client, the audience is the configuration's issuer, the id is random, and it ends in a minute.
import type { webcrypto } from 'node:crypto';
import { type ClientAuth, modifyAssertion, PrivateKeyJwt } from 'openid-client';
import type { SigningKey } from '../../domain/oauth/client/signing-key.ts';

/** WebCrypto's names of the curves. */
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

type Algorithm = webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | webcrypto.AlgorithmIdentifier;

const toCryptoKey = ({ privateKey }: SigningKey): webcrypto.CryptoKey => {
  const key = privateKey.expose();
  const byType: Readonly<Record<string, Algorithm>> = {
    rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ec: { name: 'ECDSA', namedCurve: CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? '' },
    ed25519: 'Ed25519',
  };
  return key.toCryptoKey(byType[key.asymmetricKeyType ?? ''] ?? '', false, ['sign']);
};

/** RFC 8037 §3.1. RFC 9864 renamed it to `Ed25519`, which few servers know yet. */
const toKnownName = (algorithm: unknown): unknown => (algorithm === 'Ed25519' ? 'EdDSA' : algorithm);

/** Adds the assertion to a request of openid-client. */
export const assertionAuthentication = (signingKey: SigningKey): ClientAuth => {
  const { keyId } = signingKey;
  const key = { key: toCryptoKey(signingKey), ...(keyId !== null && { kid: keyId }) };
  return PrivateKeyJwt(key, {
    [modifyAssertion](header, payload) {
      header.alg = toKnownName(header.alg) as string;
      // Optional (RFC 7523 §3), and a server whose clock is slow by a second would refuse it.
      delete payload.nbf;
    },
  });
};
