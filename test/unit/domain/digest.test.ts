import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqualDigest } from '../../../lib/domain/digest.ts';

describe('isEqualDigest', () => {
  it('agrees with equality, whatever the lengths', () => {
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
  ])('tells a text from %s', (_, a, b) => {
    expect(isEqualDigest(a, b)).toBe(false);
    expect(isEqualDigest(b, a)).toBe(false);
  });
});
