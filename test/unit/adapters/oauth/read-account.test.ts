// The account in a reply: unchanged ids, names cleaned for display.
import { describe, expect, it } from 'vitest';
import { parseFields, readPath } from '../../../../lib/adapters/oauth/replies/provider-reply.ts';
import { readAccount } from '../../../../lib/adapters/oauth/replies/read-account.ts';

const profile = {
  identityIdPath: 'data.me.id',
  identityNamePath: 'data.me.name',
};

const read = (me: unknown) => readAccount({ data: { me } }, profile);

describe('readAccount', () => {
  it.each([
    ['a-1', 'a-1'],
    [12, '12'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['https://api.example.com/users/1', 'https://api.example.com/users/1'],
    ['x'.repeat(256), 'x'.repeat(256)],
  ])('returns the id %j', (id, expected) => {
    expect(read({ id })).toEqual({ id: expected, name: null });
  });

  it.each([
    undefined,
    null,
    '',
    1.5,
    Number.MAX_SAFE_INTEGER + 1,
    true,
    {},
    ['a'],
    'x'.repeat(257),
    'a\nb',
    'a\0',
    'a\u202eb',
  ])('returns null for the id %j', (id) => {
    expect(read({ id, name: 'Ann' })).toBeNull();
  });

  it.each([
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['12', '12'],
    ['"007"', '007'],
    ['1.5', null],
    ['1e30', null],
    ['12345678901234567890.5', null],
    ['1'.repeat(257), null],
  ])('reads the id %s of a JSON body in all its digits', (id, expected) => {
    const body = parseFields(`{"data":{"me":{"id":${id},"name":"Ann"}}}`);
    expect(readAccount(body, profile)?.id ?? null).toBe(expected);
  });

  it.each([
    ['Ann', 'Ann'],
    [' Ann ', 'Ann'],
    ['Жанна 🐝', 'Жанна 🐝'],
    ['A\u202enn\0\n', 'Ann'],
    ['x'.repeat(300), 'x'.repeat(256)],
    ['🐝'.repeat(300), '🐝'.repeat(256)],
    ['', null],
    ['\n\n', null],
    [12, null],
    [{}, null],
    [undefined, null],
  ])('cleans the name %j to %j', (name, expected) => {
    expect(read({ id: 'a', name })).toEqual({ id: 'a', name: expected });
  });

  it('follows a path through lists and own properties only', () => {
    const paths = (identityIdPath: string) => ({ ...profile, identityIdPath });
    expect(readAccount({ users: [{ id: 7 }] }, paths('users.0.id'))?.id).toBe('7');
    expect(readAccount({ a: 'text' }, paths('a.length'))).toBeNull();
    expect(readAccount({ a: {} }, paths('a.constructor.name'))).toBeNull();
    expect(readAccount(null, paths('a'))).toBeNull();
    expect(['constructor', 'toString', '__proto__'].map((path) => readPath({}, path))).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('returns null without an id path', () => {
    expect(readAccount({ id: 'a' }, { ...profile, identityIdPath: null })).toBeNull();
  });
});
