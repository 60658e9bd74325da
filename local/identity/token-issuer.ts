// The identity provider of a laptop: signs the tokens of the user plane and verifies them as API Gateway's JWT authorizer
// would. Issuer and key stay when the port changes, so a token survives a restart.
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { readOrCreate } from '../home.ts';
import { StartRefused } from '../start-refused.ts';

export const ISSUER = 'https://issuer.keyhold.localhost';
export const AUDIENCE = 'keyhold';
const ALGORITHM = 'RS256';

export interface TokenIssuer {
  issue(subject: string, expiresInSeconds: number): Promise<string>;
  /** Rejects unless it is ours, for us, and alive. */
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
