// Authenticates a client with an assertion that it signs (`private_key_jwt`; RFC 7521 §4.2, RFC 7523 §2.2 and §3). Issuer and subject are
// the client, the audience is the configuration's issuer, the id is random and never used again, and it ends in a minute.
import { sign } from 'node:crypto';
import { type ClientAuth, randomState } from 'openid-client';
import type { SigningKey } from '../../domain/oauth/client/signing-key.ts';
import type { Clock } from '../../domain/ports/runtime.ts';

const LIFETIME_SECONDS = 60;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The JWS algorithm of a key (RFC 7518 §3.1), and the hash that it signs. */
interface Algorithm {
  alg: string;
  hash: string | null;
}

/** By the curve of an EC key, else by the type of the key. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  rsa: { alg: 'RS256', hash: 'sha256' },
  prime256v1: { alg: 'ES256', hash: 'sha256' },
  secp384r1: { alg: 'ES384', hash: 'sha384' },
  secp521r1: { alg: 'ES512', hash: 'sha512' },
  // RFC 8037 §3.1. RFC 9864 renamed it to `Ed25519`, which few servers know yet. It hashes by itself.
  ed25519: { alg: 'EdDSA', hash: null },
};

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** No `nbf`: it is optional (RFC 7523 §3), and a server whose clock is slow by a second would refuse it. */
const claim = (clientId: string, audience: string, now: number) => {
  const issuedAt = Math.floor(now / 1000);
  const subject = { iss: clientId, sub: clientId, aud: audience };
  return { ...subject, jti: randomState(), iat: issuedAt, exp: issuedAt + LIFETIME_SECONDS };
};

const signClaim = ({ privateKey, keyId }: SigningKey, claims: object): string => {
  const key = privateKey.expose();
  const type = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? '';
  // Reading the key has checked that it has one.
  const { alg, hash } = ALGORITHMS[type] as Algorithm;
  const text = `${encode({ alg, ...(keyId !== null && { kid: keyId }) })}.${encode(claims)}`;
  // RFC 7518 §3.4: an EC signature is the two numbers, not their DER encoding.
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
};

/** Adds the assertion to a request of openid-client. `clock`: tells when it is made. */
export const assertionAuthentication =
  (signingKey: SigningKey, clock: Clock): ClientAuth =>
  (server, { client_id: clientId }, body) => {
    body.set('client_id', clientId);
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', signClaim(signingKey, claim(clientId, server.issuer, clock.now())));
  };
