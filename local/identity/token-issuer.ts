// The local identity provider: signs tokens of the user plane, and verifies them as API Gateway's JWT authorizer does. Issuer
// and key do not depend on the port, so a token stays valid after a restart.
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { readOrCreate } from '../home.ts';
import { StartRefused } from '../start-refused.ts';

/** The `iss` of the tokens. */
export const ISSUER = 'https://issuer.keyhold.localhost';
/** The `aud` of the tokens. */
export const AUDIENCE = 'keyhold';
const ALGORITHM = 'RS256';

/** Issues and verifies JWTs of the user plane. */
export interface TokenIssuer {
  issue(subject: string, expiresInSeconds: number): Promise<string>;
  /** Rejects unless signature, issuer, audience and expiry are valid. */
  verify(token: string): Promise<JWTPayload>;
}

const makeKey = async (): Promise<string> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return JSON.stringify(await exportJWK(privateKey));
};

const parseKeys = async (text: string) => {
  const { kty, n, e, ...secret } = JSON.parse(text);
  const privateKey = await importJWK({ kty, n, e, ...secret }, ALGORITHM);
  const publicKey = await importJWK({ kty, n, e }, ALGORITHM);
  return { privateKey, publicKey };
};

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Reads the key of the folder, or creates it. Throws `StartRefused` when the file holds something else. */
export const openTokenIssuer = async (folder: string): Promise<TokenIssuer> => {
  const path = join(folder, 'jwt-key.json');
  const { privateKey, publicKey } = await parseKeys(await readOrCreate(path, makeKey)).catch(() => {
    throw new StartRefused(`${path} is not a key made by this server`);
  });
  return {
    issue: (subject, expiresInSeconds) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(nowSeconds() + expiresInSeconds)
        .sign(privateKey),
    verify: async (token) => {
      const expected = { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, requiredClaims: ['exp'] };
      return (await jwtVerify(token, publicKey, expected)).payload;
    },
  };
};
