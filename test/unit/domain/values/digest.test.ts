// Hashes, and the comparison of secret texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqualDigest, sha256 } from '../../../../lib/domain/values/digest.ts';

describe('isEqualDigest', () => {
  it('agrees with equality, for any lengths', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(isEqualDigest(a, b)).toBe(a === b);
        expect(isEqualDigest(a, a)).toBe(true);
      }),
    );
  });

  it.each([
    ['a prefix', 'secret', 'secre'],
    ['another case', 'secret', 'Secret'],
    ['nothing', 'secret', ''],
    ['another spelling of the same letters', 'caf\u00e9', 'cafe\u0301'],
  ])('distinguishes a text from %s', (_, a, b) => {
    expect(isEqualDigest(a, b)).toBe(false);
    expect(isEqualDigest(b, a)).toBe(false);
  });
});

describe('SHA-256', () => {
  // FIPS 180-2, appendix B.1.
  it('matches the example of the standard, in hexadecimal and base64', () => {
    const hex = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc', 'hex')).toBe(hex);
    expect(sha256('abc', 'base64')).toBe(Buffer.from(hex, 'hex').toString('base64'));
  });
});
