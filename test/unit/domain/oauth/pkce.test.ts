// The PKCE challenge of a verifier (RFC 7636).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeChallenge, newCodeVerifier, newStateToken } from '../../../../lib/domain/oauth/pkce.ts';

const counting = (count: number) => Uint8Array.from({ length: count }, (_, index) => index);

describe('codeChallenge', () => {
  it('agrees with RFC 7636 appendix B', () => {
    expect(codeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('is 43 characters of unpadded base64url', () => {
    fc.assert(
      fc.property(fc.string(), (verifier) => {
        expect(codeChallenge(verifier)).toMatch(/^[A-Za-z0-9_-]{43}$/);
      }),
    );
  });
});

describe.each([
  ['newStateToken', newStateToken, 32, 43],
  ['newCodeVerifier', newCodeVerifier, 96, 128],
] as const)('%s', (_, make, byteCount, length) => {
  it(`spells ${byteCount} random bytes in ${length} unreserved characters`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: byteCount, maxLength: byteCount }), (bytes) => {
        const text = make((count) => bytes.subarray(0, count));
        expect(text).toMatch(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
        expect(Buffer.from(text, 'base64url')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('draws all its random bytes in one call', () => {
    const asked: number[] = [];
    make((count) => {
      asked.push(count);
      return counting(count);
    });
    expect(asked).toEqual([byteCount]);
  });
});
