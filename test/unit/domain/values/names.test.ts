// The schemas of ids, titles, times and scopes.
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import {
  CredentialId,
  ProviderName,
  Scopes,
  Title,
  toWireTime,
  UserId,
  WireTime,
} from '../../../../lib/domain/values/names.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

const opaque = ['a', 'A-Z', 'a.b', '_', ':', '-', '...', '.a', '0', '__proto__', 'constructor'];
const notOpaque = [
  '',
  '.',
  '..',
  'a b',
  'a/b',
  'a#b',
  'a%',
  'ä',
  'a\n',
  '\na',
  'a\0',
  '~',
  '@',
  'a+b',
  '\ud800',
  5,
  null,
];

describe.each([
  ['CredentialId', CredentialId, 128],
  ['ProviderName', ProviderName, 64],
] as const)('%s', (_, schema, longest) => {
  it.each(opaque)('accepts %j unchanged', (text) => {
    expect(schema.parse(text)).toBe(text);
  });

  it.each(notOpaque)('refuses %j', (text) => {
    expect(accepts(schema, text)).toBe(false);
  });

  it(`is at most ${longest} characters long`, () => {
    expect(accepts(schema, 'a'.repeat(longest))).toBe(true);
    expect(accepts(schema, 'a'.repeat(longest + 1))).toBe(false);
  });
});

describe('the system credentials', () => {
  it.each(systemCredentials.map(({ id, provider }) => [id, provider]))(
    'have a valid id and provider: %s %s',
    (id, provider) => {
      expect(CredentialId.parse(id)).toBe(id);
      expect(ProviderName.parse(provider)).toBe(provider);
    },
  );
});

describe('UserId', () => {
  it.each(['a', 'a'.repeat(256), '🔑'.repeat(256), 'a@b', 'a/b', ' ', '\0'])('accepts %j', (text) => {
    expect(accepts(UserId, text)).toBe(true);
  });

  it.each(['', 'a'.repeat(257), '🔑'.repeat(257), '\ud800', 5, null])('refuses %j', (text) => {
    expect(accepts(UserId, text)).toBe(false);
  });
});

describe('Title', () => {
  it.each(['T', 'a'.repeat(256), '🔑 Ключ', ' '])('accepts %j', (text) => {
    expect(accepts(Title, text)).toBe(true);
  });

  it.each(['', 'a'.repeat(257), 'a\0', 'a\nb', '\u0085', '\ud800', 5, null])('refuses %j', (text) => {
    expect(accepts(Title, text)).toBe(false);
  });
});

describe('WireTime', () => {
  it.each([
    ['2030-01-01T00:00:00Z', Date.UTC(2030, 0, 1)],
    ['2030-01-01T00:00:00.123Z', Date.UTC(2030, 0, 1) + 123],
    ['1970-01-01T00:00:00Z', 0],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  ])('parses %s', (text, milliseconds) => {
    expect(WireTime.parse(text)).toBe(milliseconds);
  });

  it.each([
    '2030-01-01',
    '2030-01-01T00:00:00',
    '2030-01-01T00:00:00+02:00',
    '2030-02-30T00:00:00Z',
    '2030-13-01T00:00:00Z',
    '2030-01-01T25:00:00Z',
    '+12030-01-01T00:00:00Z',
    'tomorrow',
    '',
    1_893_456_000_000,
    null,
  ])('refuses %j', (text) => {
    expect(accepts(WireTime, text)).toBe(false);
  });

  it('parses what toWireTime writes', () => {
    for (const milliseconds of [0, 1, -1, Date.UTC(2030, 0, 1), 253_402_300_799_999]) {
      expect(WireTime.parse(toWireTime(milliseconds))).toBe(milliseconds);
    }
  });
});

describe('Scopes', () => {
  it.each([[[]], [['repo', 'user:email']], [['https://www.googleapis.com/auth/drive']], [['"', '\\']]])(
    'accepts %j',
    (scopes) => {
      expect(Scopes.parse(scopes)).toEqual(scopes);
    },
  );

  it.each([
    [['']],
    [['a b']],
    [['a,b']],
    [['a\n']],
    [['ä']],
    [['a'.repeat(513)]],
    [new Array(201).fill('a')],
    ['repo'],
  ])('refuses %j', (scopes) => {
    expect(accepts(Scopes, scopes)).toBe(false);
  });
});

describe('a refusal', () => {
  it.each([
    ['CredentialId', CredentialId, '/', '1 to 128 of'],
    ['ProviderName', ProviderName, '/', '1 to 64 of'],
    ['UserId', UserId, '', '1 to 256 Unicode characters'],
    ['Title', Title, '\ud800', 'well-formed Unicode'],
    ['Title', Title, '\n', 'control characters'],
    ['Scopes', Scopes, ['a b'], 'without spaces or commas'],
  ])('by %s describes the valid form: %#', (_, schema, value, words) => {
    expect(schema.safeParse(value).error?.issues[0]?.message).toContain(words);
  });
});
