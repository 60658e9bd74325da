// Objects of JSON in requests: the limits of size and depth.
import { describe, expect, it } from 'vitest';
import { JsonObject } from '../../../../lib/domain/values/json-object.ts';

const accepts = (value: unknown) => JsonObject.safeParse(value).success;

/** `{a: {a: … 1}}`: objects nested to this depth. */
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
};

const ofBytes = (bytes: number) => ({ k: 'a'.repeat(bytes - '{"k":""}'.length) });

describe('JsonObject', () => {
  it.each<object>([{}, { a: 1 }, { a: { b: [1, 'x', null, true] } }, { constructor: 1, toString: 2 }])(
    'accepts %j unchanged',
    (value) => {
      expect(JsonObject.parse(value)).toEqual(value);
    },
  );

  it.each([null, 'text', 5, true, undefined, [], [1]])('refuses a value that is not an object: %j', (value) => {
    expect(accepts(value)).toBe(false);
  });

  it.each([
    [16, true],
    [17, false],
    [10_000, false],
  ])('with %i levels is accepted: %s', (levels, taken) => {
    expect(accepts(nested(levels))).toBe(taken);
  });

  it('refuses ten thousand nested arrays', () => {
    expect(accepts({ a: JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) })).toBe(false);
  });

  it.each([
    [4096, true],
    [4097, false],
  ])('of %i bytes is accepted: %s', (bytes, taken) => {
    expect(accepts(ofBytes(bytes))).toBe(taken);
  });

  it.each([
    ['depth', nested(17), 'at most 16 levels deep'],
    ['size', ofBytes(4097), 'at most 4096 bytes as JSON'],
  ])('names the limit of %s', (_, value, message) => {
    expect(JsonObject.safeParse(value).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it('counts bytes, not characters', () => {
    expect(accepts({ k: '🔑'.repeat(1022) })).toBe(true);
    expect(accepts({ k: '🔑'.repeat(1023) })).toBe(false);
  });

  it('reports only the depth of a value that is too deep', () => {
    expect(JsonObject.safeParse(nested(50)).error?.issues).toHaveLength(1);
  });
});
