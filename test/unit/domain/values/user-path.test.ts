// User ids in URL paths: their plain and encoded spelling, and which spellings are refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUserSegment,
  encodeUserSegment,
  isUserId,
  suggestUserSegment,
} from '../../../../lib/domain/values/user-path.ts';

const KEY = '\u{1f511}';
const base64url = (bytes: string | number[]) => Buffer.from(bytes as string).toString('base64url');

const userId = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
  fc.constantFrom(
    '.',
    '..',
    '~',
    '~YQ',
    '#',
    '/',
    '%2F',
    '\0',
    '__proto__',
    'caf\u00e9',
    'cafe\u0301',
    '\ufeffa',
    '\ufffd',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }).filter(isUserId),
);

describe('isUserId', () => {
  it.each([
    ['one letter', 'a', true],
    ['256 letters', 'a'.repeat(256), true],
    ['256 code points beyond 16 bits', KEY.repeat(256), true],
    ['a space, a slash, a NUL', ' /\0', true],
    ['nothing', '', false],
    ['257 letters', 'a'.repeat(257), false],
    ['257 code points beyond 16 bits', KEY.repeat(257), false],
    ['a high surrogate alone', 'a\ud83d', false],
    ['a low surrogate alone', '\udd11a', false],
  ])('judges %s', (_, text, expected) => {
    expect(isUserId(text)).toBe(expected);
  });
});

describe('encodeUserSegment', () => {
  it.each<[string, string | null]>([
    ['alice', 'alice'],
    ['A.b_c-9', 'A.b_c-9'],
    ['...', '...'],
    ['__proto__', '__proto__'],
    ['.', '~Lg'],
    ['..', '~Li4'],
    ['~', '~fg'],
    ['a@b.c', '~YUBiLmM'],
    ['a/b', '~YS9i'],
    ['auth0|1', '~YXV0aDB8MQ'],
    ['\u00e9', '~w6k'],
    ['e\u0301', '~ZcyB'],
    ['alice\n', '~YWxpY2UK'],
    ['', null],
    ['\ud83d', null],
    ['a'.repeat(257), null],
  ])('spells %j as %j', (id, segment) => {
    expect(encodeUserSegment(id)).toBe(segment);
  });
});

describe('decodeUserSegment', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['the sign alone', '~'],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a plain spelling of an odd id', 'a@b.c'],
    ['a percent escape', 'a%2Fb'],
    ['padding', '~Lg=='],
    ['stray bits at the end', '~Lh'],
    ['the base64 alphabet', '~Pz8/'],
    ['a line break inside', '~YUBi\nLmM'],
    ['a space after', '~YUBiLmM '],
    ['a second ~', '~~YUBiLmM'],
    ['a single base64 character', '~Y'],
    ['invalid UTF-8', `~${base64url([0xff, 0xfe])}`],
    ['overlong UTF-8', `~${base64url([0xc0, 0xaf])}`],
    ['UTF-8 cut short', `~${base64url([0xf0, 0x9f, 0x94])}`],
    ['a surrogate as UTF-8', `~${base64url([0xed, 0xa0, 0x80])}`],
    ['257 plain characters', 'a'.repeat(257)],
    ['257 code points', `~${base64url(KEY.repeat(257))}`],
    ['a huge segment', `~${'A'.repeat(1_000_000)}`],
    ['a lone surrogate', '\ud800'],
  ])('refuses %s', (_, segment) => {
    expect(decodeUserSegment(segment)).toBeNull();
  });

  it.each(['alice', '...', '__proto__', 'a'.repeat(256)])('accepts the ~ spelling of the plain id %s', (id) => {
    expect(decodeUserSegment(`~${base64url(id)}`)).toBe(id);
  });

  it('accepts the ~ spelling of every id', () => {
    fc.assert(
      fc.property(userId, (id) => {
        expect(decodeUserSegment(`~${base64url(id)}`)).toBe(id);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back every encoded id', () => {
    fc.assert(
      fc.property(userId, (id) => {
        expect(decodeUserSegment(encodeUserSegment(id) ?? '')).toBe(id);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts no spelling but the plain one and the ~ one', () => {
    const bytes = fc.uint8Array({ maxLength: 8 }).map((octets) => `~${Buffer.from(octets).toString('base64url')}`);
    const segment = fc.oneof(bytes, fc.stringMatching(/^~?[A-Za-z0-9_=-]{0,6}$/), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(segment, (spelling) => {
        const id = decodeUserSegment(spelling);
        if (id !== null) expect([encodeUserSegment(id), `~${base64url(id)}`]).toContain(spelling);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives only unreserved characters to the path', () => {
    fc.assert(
      fc.property(userId, (id) => {
        expect(encodeUserSegment(id)).toMatch(/^[A-Za-z0-9._~-]+$/);
      }),
    );
  });
});

describe('suggestUserSegment', () => {
  it.each<[string, string, string | null]>([
    ['an id that needs encoding', 'a@b.c', '~YUBiLmM'],
    ['padding', '~YUBiLmM=', '~YUBiLmM'],
    ['the base64 alphabet', '~Pz8/', '~Pz8_'],
    ['the base64 alphabet with a plus', '~ISE+', '~ISE-'],
    ['a padded plain id', '~YWxpY2U=', 'alice'],
    ['stray bits at the end', '~Lh', '~Lg'],
    ['the sign alone', '~', '~fg'],
    ['a dot', '.', '~Lg'],
    ['what is no base64', '~YS9i~', '~fllTOWl-'],
    ['invalid UTF-8', '~_w', '~fl93'],
    ['padding in front', '~=YQ', '~fj1ZUQ'],
    ['more padding than base64 has', '~YQ===', '~fllRPT09'],
    ['a byte order mark in an id', '~77u_YQ=', '~77u_YQ'],
    ['nothing', '', null],
    ['257 characters', 'a'.repeat(257), null],
    ['a lone surrogate', '\ud800', null],
  ])('answers %s with the right spelling', (_, segment, suggestion) => {
    expect(suggestUserSegment(segment)).toBe(suggestion);
  });

  it('gives a spelling that is accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (segment) => {
        const suggestion = suggestUserSegment(segment);
        if (suggestion !== null) expect(decodeUserSegment(suggestion)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
