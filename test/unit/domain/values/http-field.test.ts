// Header names and values: what may be stored to be sent later.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HeaderName, HeaderValue, HostHeaders } from '../../../../lib/domain/values/http-field.ts';

const refuses = (schema: z.ZodType, input: unknown) => !schema.safeParse(input).success;

const nodeTakes = (name: string, value: string) => {
  try {
    return new Headers([[name, value]]).get(name) === value;
  } catch {
    return false;
  }
};

describe('HeaderName', () => {
  it.each([
    ['x-api-key', 'x-api-key'],
    ['Authorization', 'authorization'],
    ["!#$%&'*+-.^_`|~09", "!#$%&'*+-.^_`|~09"],
    ['constructor', 'constructor'],
  ])('parses %j to %j', (input, expected) => {
    expect(HeaderName.parse(input)).toBe(expected);
  });

  it.each(['', ' ', 'x key', 'x:', ':authority', 'x\r\ny', 'x\n', 'x\0', 'x/y', '(x)', 'x"', 'clé', 'x\u212a'])(
    'refuses %j',
    (input) => {
      expect(refuses(HeaderName, input)).toBe(true);
    },
  );

  it('accepts exactly the names that Node accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4 }), (name) => {
        expect(refuses(HeaderName, name)).toBe(!nodeTakes(name, 'v'));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('HeaderValue', () => {
  it.each(['', 'a', 'Bearer abc', 'a\tb', 'a  b', '~!', '\u00e9', '\u0080\u00ff', 'x'.repeat(16_000)])(
    'accepts %j',
    (input) => {
      expect(HeaderValue.parse(input)).toBe(input);
    },
  );

  it.each([
    'a\r\nx: y',
    'a\n',
    '\ra',
    'a\0b',
    'a\u0001b',
    'a\u001fb',
    'a\u007fb',
    ' a',
    'a ',
    '\ta',
    'a\t',
    ' ',
    '\u0100',
    '\u{1f511}',
  ])('refuses %j', (input) => {
    expect(refuses(HeaderValue, input)).toBe(true);
  });

  it('accepts nothing that Node would refuse or change', () => {
    const character = fc.integer({ min: 0, max: 0x120 }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 4 }), (characters) => {
        const value = characters.join('');
        fc.pre(!refuses(HeaderValue, value));
        expect(nodeTakes('x', value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not repeat the value in its message', () => {
    expect(JSON.stringify(HeaderValue.safeParse('canary\n').error?.issues)).not.toContain('canary');
  });
});

describe('HostHeaders', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'v']));

  it('parses names to lower case', () => {
    expect(HostHeaders.parse({ 'X-Api-Key': 'K', authorization: 'Bearer t' })).toEqual({
      'x-api-key': 'K',
      authorization: 'Bearer t',
    });
  });

  it.each(['constructor', 'hasOwnProperty', 'toString'])('keeps a header named %j', (name) => {
    expect(Object.entries(HostHeaders.parse({ [name]: 'v' }))).toEqual([[name.toLowerCase(), 'v']]);
  });

  it('accepts 32 headers', () => {
    expect(Object.keys(HostHeaders.parse(many(32)))).toHaveLength(32);
  });

  it.each([
    ['none', {}],
    ['33', many(33)],
    ['two that differ by case', { 'x-key': 'a', 'X-Key': 'b' }],
    ['two that differ by case, the other way round', { 'X-KEY': 'a', 'X-Key': 'b' }],
    ['__proto__', JSON.parse('{"__proto__": "v"}')],
    ['__proto__ beside another', JSON.parse('{"x": "v", "__proto__": "v"}')],
    ['__PROTO__', { __PROTO__: 'v' }],
    ['a bad name', { 'x y': 'v' }],
    ['a bad value', { x: 'v\r\n' }],
    ['a value that is not a string', { x: 1 }],
    ['a list', ['v']],
    ['null', null],
    ['a string', 'x: v'],
  ])('refuses %s', (_, input) => {
    expect(refuses(HostHeaders, input)).toBe(true);
  });

  it.each(
    'Host content-length Transfer-Encoding connection keep-alive proxy-connection te trailer upgrade expect'.split(' '),
  )('refuses %s, which only the client sets', (name) => {
    expect(refuses(HostHeaders, { [name]: '1' })).toBe(true);
  });

  const sayings = (input: unknown) =>
    HostHeaders.safeParse(input).error?.issues.map(({ code, path, message }) => ({ code, path, message }));

  it.each([
    ['a header that only the client sets', { Host: 'v' }, ['Host'], 'a credential cannot set this header'],
    ['a repeated name', { a: 'v', A: 'v' }, ['A'], 'the same header twice: names do not differ by case'],
    ['too many', many(33), [], 'must have 1 to 32 headers'],
    ['none', {}, [], 'must have 1 to 32 headers'],
  ])('names reason and place when it refuses %s', (_, input, path, message) => {
    expect(sayings(input)).toEqual([{ code: 'custom', path, message }]);
  });

  it('names the reason when it refuses a name or a value', () => {
    expect(HeaderName.safeParse('x y').error?.issues[0]?.message).toBe('must be an HTTP field name');
    expect(HeaderValue.safeParse('v\n').error?.issues[0]?.message).toMatch(/^must be an HTTP field value: no control/);
  });

  it('reports problems of the first 32 headers only', () => {
    const hosts = Array.from({ length: 10 }, (_, at) => [
      [...'host'].map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter)).join(''),
      'v',
    ]);
    const input = { ...many(32), ...Object.fromEntries(hosts) };
    expect(sayings(input)).toEqual([{ code: 'custom', path: [], message: 'must have 1 to 32 headers' }]);
  });

  it('names the header it refuses', () => {
    const issues = HostHeaders.safeParse({ ok: 'v', Host: 'a', HOST: 'b' }).error?.issues;
    expect(issues?.map((issue) => issue.path)).toEqual([['Host'], ['HOST']]);
  });

  it('is required in an object that has the field', () => {
    expect(refuses(z.strictObject({ headers: HostHeaders }), {})).toBe(true);
  });

  it('converts to JSON Schema as input and as output', () => {
    expect(z.toJSONSchema(HostHeaders, { io: 'input' })).toMatchObject({ type: 'object' });
    expect(z.toJSONSchema(HostHeaders, { io: 'output' })).toMatchObject({ type: 'object' });
  });

  it('accepts its own output', () => {
    const once = HostHeaders.parse({ 'X-A': 'a', b: '' });
    expect(HostHeaders.parse(once)).toEqual(once);
  });
});
