// What is read from `WWW-Authenticate`, as servers write it and as a hostile one may.
import { describe, expect, it } from 'vitest';
import { parseChallenges, readChallenge } from '../../../../../lib/domain/mcp/discovery/challenge.ts';

const parse = (text: string) =>
  parseChallenges(text).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('parseChallenges', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    [' , ,', []],
    ['Bearer', [['bearer', {}]]],
    ['Bearer  ', [['bearer', {}]]],
    ['Bearer realm="x"', [['bearer', { realm: 'x' }]]],
    ['BEARER Realm=x', [['bearer', { realm: 'x' }]]],
    ['Bearer realm="a, b=\\"c\\"\\\\", scope=""', [['bearer', { realm: 'a, b="c"\\', scope: '' }]]],
    ['Bearer a="x\\ y"', [['bearer', { a: 'x y' }]]],
    ['Bearer realm = "x" , error\t=\te', [['bearer', { realm: 'x', error: 'e' }]]],
    ['Bearer a="1" b="2"', [['bearer', { a: '1', b: '2' }]]],
    ['Bearer a="1",, b=2', [['bearer', { a: '1', b: '2' }]]],
    ['Bearer a="1", a="2"', [['bearer', { a: '1' }]]],
    ['Bearer __proto__="x"', [['bearer', Object.fromEntries([['__proto__', 'x']])]]],
    ['Bearer u=https://a.example/x?y=z, b=2', [['bearer', { u: 'https://a.example/x?y=z', b: '2' }]]],
    [
      'Basic realm="b", Bearer realm="x", scope="s"',
      [
        ['basic', { realm: 'b' }],
        ['bearer', { realm: 'x', scope: 's' }],
      ],
    ],
    [
      'Negotiate YWJj/+.~_-==, Bearer scope="s"',
      [
        ['negotiate', {}],
        ['bearer', { scope: 's' }],
      ],
    ],
    [
      'Negotiate YWJj= ,Basic,Bearer scope=s',
      [
        ['negotiate', {}],
        ['basic', {}],
        ['bearer', { scope: 's' }],
      ],
    ],
    ['Negotiate abc', [['negotiate', {}]]],
    ['Bearer scope="s"\r\n resource_metadata="m"', [['bearer', { scope: 's', resource_metadata: 'm' }]]],
    [
      'Basic realm="b"\nBearer scope="s"',
      [
        ['basic', { realm: 'b' }],
        ['bearer', { scope: 's' }],
      ],
    ],
  ])('parses %j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each<[string, unknown[]]>([
    ['realm="x", Bearer', []],
    ['="x"', []],
    ['Bearer realm="x', [['bearer', {}]]],
    ['Bearer a="1", "b", c="3"', [['bearer', { a: '1' }]]],
    ['Bearer a="1", b="\\', [['bearer', { a: '1' }]]],
    ['Bearer a=1, {json}', [['bearer', { a: '1' }]]],
  ])('stops where it cannot read on: %j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('reads a value of 8,192 characters, and none of a longer one', () => {
    const value = `Bearer a="${'x'.repeat(8192 - 'Bearer a=""'.length)}"`;
    expect(parse(value)).toHaveLength(1);
    expect(parse(`${value} `)).toEqual([]);
  });

  it.each([
    'a'.repeat(8192),
    `Bearer ${' '.repeat(8100)}`,
    `Bearer ${'a '.repeat(4000)}`,
    `Bearer ${'"\\'.repeat(4000)}`,
  ])('ends on long repetitions', (text) => {
    expect(parse(text).length).toBeLessThan(5000);
  });
});

describe('readChallenge', () => {
  const METADATA = 'https://mcp.example.com/meta';

  it('reads metadata URL, scopes and error of a bearer challenge', () => {
    const text = `Bearer error="insufficient_scope", scope="files:read  files:write files:read", resource_metadata="${METADATA}"`;
    expect(readChallenge(text)).toEqual({
      resourceMetadata: METADATA,
      scopes: ['files:read', 'files:write'],
      error: 'insufficient_scope',
    });
  });

  it.each([
    ['no challenge', ''],
    ['another scheme', 'Basic realm="x"'],
    ['nothing that can be read', '???="x"'],
  ])('finds none in %s', (_, text) => {
    expect(readChallenge(text)).toBeNull();
  });

  it.each([
    ['a bearer challenge before another with metadata', 'DPoP resource_metadata="d", Bearer scope="s"', null],
    ['of two bearer challenges the one with metadata', 'Bearer scope="s", Bearer resource_metadata="m"', 'm'],
    ['the first bearer challenge with metadata', 'Bearer resource_metadata="m", Bearer resource_metadata="n"', 'm'],
    ['another scheme with metadata where there is no bearer', 'Basic realm="x", DPoP resource_metadata="d"', 'd'],
  ])('takes %s', (_, text, expected) => {
    expect(readChallenge(text)?.resourceMetadata).toBe(expected);
  });

  it('reads the fields of the first bearer challenge without metadata', () => {
    expect(readChallenge('Bearer scope="a", Bearer scope="b"')).toEqual({
      resourceMetadata: null,
      scopes: ['a'],
      error: null,
    });
  });

  it.each([
    ['', null],
    ['   ', null],
    ['a,b', ['a,b']],
    ['a é b', ['a', 'b']],
    [`a ${'x'.repeat(256)} ${'y'.repeat(257)}`, ['a', 'x'.repeat(256)]],
    [Array.from({ length: 100 }, (_, i) => `s${i}`).join(' '), expect.any(Array)],
    [Array.from({ length: 101 }, (_, i) => `s${i}`).join(' '), null],
  ])('reads the scopes of %j as %j', (scope, expected) => {
    expect(readChallenge(`Bearer scope="${scope}"`)?.scopes).toEqual(expected);
  });

  it('keeps no scope with a quote or a backslash', () => {
    expect(readChallenge('Bearer scope="a\\"b c\\\\d e"')?.scopes).toEqual(['e']);
  });

  it.each([
    ['invalid_token', 'invalid_token'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), null],
    ['two words', null],
    ['', null],
  ])('reads the error word %j as %j', (error, expected) => {
    expect(readChallenge(`Bearer error="${error}"`)?.error).toBe(expected);
  });
});
