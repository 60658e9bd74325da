// The JWT authorizer of the user plane: it accepts only an unexpired token of this server's key, for this audience.
import { createHmac, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { authorizeUser } from '../../../../local/identity/authorize.ts';
import { AUDIENCE, ISSUER, openTokenIssuer } from '../../../../local/identity/token-issuer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const open = async () => {
  const folder = await temporaryFolder();
  const tokens = await openTokenIssuer(folder);
  const jwk = JSON.parse(await readFile(join(folder, 'jwt-key.json'), 'utf8'));
  const sign = async (claims: object, header = {}) =>
    new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'alice', exp: 4_000_000_000, ...claims })
      .setProtectedHeader({ alg: 'RS256', ...header })
      .sign(await importJWK(jwk, 'RS256'));
  const pass = (authorization: string) => authorizeUser(['Authorization', authorization], tokens);
  return { folder, tokens, jwk, sign, pass };
};

const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', exp: 4_000_000_000 };

describe('authorizeUser', () => {
  it('passes on the claims as text', async () => {
    const { sign, pass } = await open();
    const token = await sign({ n: 1, list: ['a', 'b'], none: null, nested: { a: 1 } });
    expect(await pass(`Bearer ${token}`)).toEqual({
      jwt: {
        claims: {
          ...{ iss: ISSUER, aud: AUDIENCE, sub: 'alice', exp: '4000000000' },
          ...{ n: '1', list: '[a b]', nested: '{"a":1}' },
        },
        scopes: null,
      },
    });
  });

  it('accepts a token that was issued before a restart', async () => {
    const { folder, tokens } = await open();
    const token = await tokens.issue('alice', 60);
    expect(await authorizeUser(['authorization', `Bearer ${token}`], await openTokenIssuer(folder))).toBeDefined();
  });

  it.each([
    ['expired', { exp: 1 }],
    ['for another audience', { aud: 'other' }],
    ['for no audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['not valid yet', { nbf: 4_000_000_000 }],
    ['without an end', { exp: undefined }],
  ])('refuses a token that is %s', async (_, changed) => {
    const { sign, pass } = await open();
    expect(await pass(`Bearer ${await sign(changed)}`)).toBeUndefined();
  });

  it('refuses a token that was issued as expired', async () => {
    const { tokens, pass } = await open();
    expect(await pass(`Bearer ${await tokens.issue('alice', 0)}`)).toBeUndefined();
  });

  it('refuses the token of another key', async () => {
    const [one, other] = [await open(), await open()];
    expect(await one.pass(`Bearer ${await other.sign({})}`)).toBeUndefined();
  });

  it('refuses a token that is not signed', async () => {
    const { pass } = await open();
    expect(await pass(`Bearer ${part({ alg: 'none' })}.${part(claims)}.`)).toBeUndefined();
  });

  it('refuses a token signed with the public key as a shared secret', async () => {
    const { jwk, pass } = await open();
    const { kty, n, e } = jwk;
    const publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const content = `${part({ alg: 'HS256' })}.${part(claims)}`;
    const signature = createHmac('sha256', publicKey).update(content).digest('base64url');
    expect(await pass(`Bearer ${content}.${signature}`)).toBeUndefined();
  });

  it.each(['', 'Bearer', 'Bearer ', 'Bearer x', 'Basic YTpi', 'AWS4-HMAC-SHA256 Credential=local'])(
    'refuses the header %j',
    async (header) => {
      const { pass } = await open();
      expect(await pass(header)).toBeUndefined();
    },
  );
});
