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
  ])('takes %j as %j', (input, expected) => {
    expect(HeaderName.parse(input)).toBe(expected);
  });

  it.each(['', ' ', 'x key', 'x:', ':authority', 'x\r\ny', 'x\n', 'x\0', 'x/y', '(x)', 'x"', 'clé', 'x\u212a'])(
    'refuses %j',
    (input) => {
      expect(refuses(HeaderName, input)).toBe(true);
    },
  );

  it('takes exactly the names that Node takes', () => {
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
    'takes %j',
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

  it('takes nothing that Node would refuse or change', () => {
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

  it('keeps the value out of its refusal', () => {
    expect(JSON.stringify(HeaderValue.safeParse('canary\n').error?.issues)).not.toContain('canary');
  });
});

describe('HostHeaders', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'v']));

  it('gives names in lower case', () => {
    expect(HostHeaders.parse({ 'X-Api-Key': 'K', authorization: 'Bearer t' })).toEqual({
      'x-api-key': 'K',
      authorization: 'Bearer t',
    });
  });

  it.each(['constructor', 'hasOwnProperty', 'toString'])('holds a header named %j', (name) => {
    expect(Object.entries(HostHeaders.parse({ [name]: 'v' }))).toEqual([[name.toLowerCase(), 'v']]);
  });

  it('takes 32 headers', () => {
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
    ['a value that is no text', { x: 1 }],
    ['a list', ['v']],
    ['null', null],
    ['a text', 'x: v'],
  ])('refuses %s', (_, input) => {
    expect(refuses(HostHeaders, input)).toBe(true);
  });

  it.each(
    'Host content-length Transfer-Encoding connection keep-alive proxy-connection te trailer upgrade expect'.split(' '),
  )('leaves %s to the client', (name) => {
    expect(refuses(HostHeaders, { [name]: '1' })).toBe(true);
  });

  const sayings = (input: unknown) =>
    HostHeaders.safeParse(input).error?.issues.map(({ code, path, message }) => ({ code, path, message }));

  it.each([
    ['a header that is the client’s to set', { Host: 'v' }, ['Host'], 'a credential cannot set this header'],
    ['a name that was there before', { a: 'v', A: 'v' }, ['A'], 'the same header twice: names do not differ by case'],
    ['too many', many(33), [], 'must have 1 to 32 headers'],
    ['none', {}, [], 'must have 1 to 32 headers'],
  ])('says why it refuses %s, and where that is', (_, input, path, message) => {
    expect(sayings(input)).toEqual([{ code: 'custom', path, message }]);
  });

  it('says why it refuses a name or a value', () => {
    expect(HeaderName.safeParse('x y').error?.issues[0]?.message).toBe('must be an HTTP field name');
    expect(HeaderValue.safeParse('v\n').error?.issues[0]?.message).toMatch(/^must be an HTTP field value: no control/);
  });

  it('speaks of the first 32 alone, however many there are', () => {
    const hosts = Array.from({ length: 10 }, (_, at) => [
      [...'host'].map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter)).join(''),
      'v',
    ]);
    const input = { ...many(32), ...Object.fromEntries(hosts) };
    expect(sayings(input)).toEqual([{ code: 'custom', path: [], message: 'must have 1 to 32 headers' }]);
  });

  it('points at the header it refuses', () => {
    const issues = HostHeaders.safeParse({ ok: 'v', Host: 'a', HOST: 'b' }).error?.issues;
    expect(issues?.map((issue) => issue.path)).toEqual([['Host'], ['HOST']]);
  });

  it('is required where an object has it', () => {
    expect(refuses(z.strictObject({ headers: HostHeaders }), {})).toBe(true);
  });

  it('can be described as JSON Schema, going in and coming out', () => {
    expect(z.toJSONSchema(HostHeaders, { io: 'input' })).toMatchObject({ type: 'object' });
    expect(z.toJSONSchema(HostHeaders, { io: 'output' })).toMatchObject({ type: 'object' });
  });

  it('accepts its own answer', () => {
    const once = HostHeaders.parse({ 'X-A': 'a', b: '' });
    expect(HostHeaders.parse(once)).toEqual(once);
  });
});
