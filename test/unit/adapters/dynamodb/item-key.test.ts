// The encoding of keys: different tuples never have the same key, and every key decodes to its tuple.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemKey, splitItemKey } from '../../../../lib/adapters/dynamodb/item-key.ts';

/** Pieces that an encoder gets wrong: its own signs and escapes, halves of surrogate pairs, names that objects know. */
const piece = fc.oneof(
  fc.constantFrom('#', '%', '%23', '%25', '%uD800', '\0', '\u007f', '\u0085', '/', 'a', 'USER', '__proto__'),
  fc.constantFrom('\ud800', '\udc00', '\u{1f511}', '\u00e9', 'e\u0301', 'constructor'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const part = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const tuple = fc.array(part, { maxLength: 4 });

describe('itemKey', () => {
  it.each<[string[], string]>([
    [['CONFIG'], 'CONFIG'],
    [['USER', 'alice'], 'USER#alice'],
    [['', 'HEAD'], '#HEAD'],
    [['', 'STATES', '17'], '#STATES#17'],
    [[''], ''],
    [[], '%'],
    [['a#b'], 'a%23b'],
    [['a', 'b'], 'a#b'],
    [['%23'], '%2523'],
    [['a\0\t\u001f\u007f'], 'a%00%09%1F%7F'],
    [['\ud800', '\udfff'], '%uD800#%uDFFF'],
    [['\u{1f511}'], '\u{1f511}'],
    [['a/b c:d@\u0085'], 'a/b c:d@\u0085'],
    [['__proto__'], '__proto__'],
  ])('encodes %j as %j', (parts, key) => {
    expect(itemKey(...parts)).toBe(key);
  });

  it('keeps composed and decomposed letters apart', () => {
    expect(itemKey('caf\u00e9')).not.toBe(itemKey('cafe\u0301'));
  });

  it('encodes different tuples differently', () => {
    fc.assert(
      fc.property(tuple, tuple, (one, other) => {
        expect(itemKey(...one) === itemKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('encodes a text split into parts in two ways differently', () => {
    fc.assert(
      fc.property(tuple, fc.nat(), fc.nat(), (parts, one, other) => {
        const text = parts.join('#');
        const cut = (at: number) => [text.slice(0, at % (text.length + 1)), text.slice(at % (text.length + 1))];
        fc.pre(cut(one)[0] !== cut(other)[0]);
        expect(itemKey(...cut(one))).not.toBe(itemKey(...cut(other)));
      }),
      { numRuns: 2000 },
    );
  });

  it('encodes to well-formed Unicode without extra separators', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        expect(itemKey(...parts).isWellFormed()).toBe(true);
        expect(itemKey(...parts).split('#')).toHaveLength(parts.length);
      }),
    );
  });

  it('keeps an id of 256 code points within a partition key', () => {
    const codePoint = fc.oneof(
      fc.constantFrom('#', '\0', '\ud800', '\u{10ffff}'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(codePoint, { minLength: 256, maxLength: 256 }), (codePoints) => {
        expect(Buffer.byteLength(itemKey('USER', codePoints.join('')))).toBeLessThan(2048);
      }),
    );
  });
});

describe('splitItemKey', () => {
  it('decodes every key to its tuple', () => {
    fc.assert(
      fc.property(tuple, (parts) => {
        expect(splitItemKey(itemKey(...parts))).toEqual(parts);
      }),
      { numRuns: 2000 },
    );
  });

  it('rejects every text that is not a key', () => {
    const almostKey = fc.array(fc.oneof(piece, fc.constantFrom('%2', '%u', '%uD83D%uDD11', '%e9', '%41')), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(almostKey, (pieces) => {
        const text = pieces.join('');
        const parts = splitItemKey(text);
        expect(parts === null || itemKey(...parts) === text).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['a%', '%%', '%2', '%41', '%2f', '%00a\0', '%uD83D%uDD11', '%u0041', '%ud800', '\ud800'])(
    'rejects %j, which the encoder never writes',
    (text) => {
      expect(splitItemKey(text)).toBeNull();
    },
  );
});
