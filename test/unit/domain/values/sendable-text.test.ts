// Which secrets can be sent, and how the refusal of others names the place and the kind of the character, and never the value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendablePassword, SendableSecret, SendableUserName } from '../../../../lib/domain/values/sendable-text.ts';

const messages = (schema: typeof SendableSecret, text: string) =>
  schema.safeParse(text).error?.issues.map(({ message }) => message);

describe('a key or token', () => {
  it.each([
    ['sk-1234', 'sk-1234'],
    ['user:password', 'user:password'],
    ['a b', 'a b'],
    [' a\n', 'a'],
    ['\r\n\ta \u00a0\ufeff', 'a'],
    ['!~', '!~'],
  ])('%j is kept as %j', (text, expected) => {
    expect(SendableSecret.parse(text)).toBe(expected);
  });

  it.each([
    ['a\nb', 2, 'a line break'],
    ['a\r\nb', 2, 'a line break'],
    ['ab\u2028c', 3, 'a line break'],
    ['a\tb', 2, 'a tab'],
    ['a\0b', 2, 'a NUL'],
    ['a\u007fb', 2, 'a control character'],
    ['sk-\u200b1', 4, 'a zero-width character'],
    ['sk\u200d1', 3, 'a zero-width character'],
    ['a\ufeffb', 2, 'a zero-width character'],
    ['a\u00adb', 2, 'an invisible formatting character'],
    ['a\u202eb', 2, 'an invisible formatting character'],
    ['\ud800', 1, 'half a surrogate pair'],
    ['a\u00a0b', 2, 'a space that is not the usual one'],
    ['\u201cabc\u201d', 1, 'a typographic quotation mark'],
    ['a\u2013b', 2, 'a typographic dash'],
    ['sk-\u0430bc', 4, 'a letter that looks like a Latin one'],
    ['\u0391bc', 1, 'a letter that looks like a Latin one'],
    ['ab\uff23', 3, 'a letter that looks like a Latin one'],
    ['a\u{1f511}b', 2, 'an emoji'],
    ['cl\u00e9', 3, 'a letter outside ASCII'],
    ['a\u20acb', 2, 'a character outside ASCII'],
    ['  a\nb', 4, 'a line break'],
    ['\u{1f511}a\nb', 1, 'an emoji'],
  ])('%j is refused at character %i: %s', (text, place, kind) => {
    expect(messages(SendableSecret, text)?.[0]).toBe(`character ${place} is ${kind}, which cannot be sent`);
  });

  it.each(['', ' ', '\n', '\u00a0'])('%j is refused as empty', (text) => {
    expect(SendableSecret.safeParse(text).success).toBe(false);
  });

  it('fits into a header, whatever it is, and no refusal repeats it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 20 }), (text) => {
        const parsed = SendableSecret.safeParse(text);
        if (parsed.success) expect(new Headers({ a: `Bearer ${parsed.data}` }).get('a')).toBe(`Bearer ${parsed.data}`);
        else for (const { message } of parsed.error.issues) expect(message).not.toContain(text);
      }),
    );
  });
});

describe('a user name', () => {
  it.each([
    ['ann', 'ann'],
    [' ann\n', 'ann'],
    ['J\u00fcrgen', 'J\u00fcrgen'],
  ])('%j is kept as %j', (text, expected) => {
    expect(SendableUserName.parse(text)).toBe(expected);
  });

  it.each([
    ['an:n', 'character 3 is a colon, which ends a user name (RFC 7617)'],
    ['a\nb', 'character 2 is a line break, which cannot be sent'],
    ['\ud800', 'character 1 is half a surrogate pair, which cannot be sent'],
  ])('%j is refused: %s', (text, message) => {
    expect(messages(SendableUserName, text)?.[0]).toBe(message);
  });
});

describe('a password', () => {
  it.each([
    ['', ''],
    ['a:b', 'a:b'],
    [' a ', ' a '],
    ['a\r\n', 'a'],
    ['p\u00e4ss\u20ac', 'p\u00e4ss\u20ac'],
  ])('%j is kept as %j', (text, expected) => {
    expect(SendablePassword.parse(text)).toBe(expected);
  });

  it('is refused with a control character within', () => {
    expect(messages(SendablePassword, 'a\0b')?.[0]).toBe('character 2 is a NUL, which cannot be sent');
  });
});

describe('a password with many line breaks', () => {
  // Quadratic time would reach the hang limit.
  it('is read in a time that grows with its length', () => {
    const breaks = '\t\r\n'.repeat(200_000);
    expect(SendablePassword.safeParse(`a${breaks}b`).success).toBe(false);
    expect(SendablePassword.parse(`${breaks} a ${breaks}`)).toBe(' a ');
  });
});
