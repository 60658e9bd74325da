// Reading the body of an event: content types, encodings, the size limit, and refusals that repeat nothing of the body.
import { describe, expect, it } from 'vitest';
import { readBody } from '../../../lib/http/chain/read-body.ts';
import { MAX_BODY_BYTES } from '../../../lib/http/routes/route.ts';
import { httpEvent } from '../../support/builders.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const read = (body: string | undefined, headers: Record<string, string> = JSON_TYPE) =>
  readBody({ ...httpEvent({ body }), headers });

const readBytes = (bytes: Uint8Array) =>
  readBody(httpEvent({ body: Buffer.from(bytes).toString('base64'), headers: JSON_TYPE, base64: true }));

const thrownCode = (call: () => unknown): unknown => {
  try {
    call();
    return 'nothing thrown';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** `{"k":"aaa…"}`, this many bytes long. */
const bodyOfSize = (bytes: number) => JSON.stringify({ k: 'a'.repeat(bytes - 8) });

describe('readBody', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['white space around', ' \n{"a":1}\t', { a: 1 }],
    ['text beyond ASCII', '{"é":"🔑"}', { é: '🔑' }],
    ['a number', '5', 5],
    ['null', 'null', null],
    [
      'a `constructor` that is plain data',
      '{"constructor":null,"a":{"constructor":{}}}',
      { constructor: null, a: { constructor: {} } },
    ],
  ])('reads %s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it('reads bytes that came as base64', () => {
    expect(readBytes(Buffer.from('{"é":1}'))).toEqual({ é: 1 });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json'])(
    'takes %s',
    (type) => {
      expect(read('{}', { 'content-type': type })).toEqual({});
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'text/json', '', 'json'])(
    'refuses the content type %j',
    (type) => {
      expect(thrownCode(() => read('{}', { 'content-type': type }))).toBe('unsupported_media_type');
    },
  );

  it('refuses a body without a content type', () => {
    expect(thrownCode(() => read('{}', {}))).toBe('unsupported_media_type');
  });

  it('takes 64 KB', () => {
    expect(MAX_BODY_BYTES).toBe(65_536);
    expect(read(bodyOfSize(65_536))).toHaveProperty('k');
  });

  it.each([
    ['one byte more', bodyOfSize(65_537)],
    ['six megabytes', bodyOfSize(6_000_000)],
    ['characters that are more in bytes', JSON.stringify({ k: 'é'.repeat(33_000) })],
  ])('refuses %s', (_, body) => {
    expect(thrownCode(() => read(body))).toBe('body_too_large');
  });

  it('limits the decoded size of base64', () => {
    expect(readBytes(Buffer.from(bodyOfSize(65_536)))).toHaveProperty('k');
    expect(thrownCode(() => readBytes(Buffer.from(bodyOfSize(65_537))))).toBe('body_too_large');
  });

  it.each([
    ['no body', undefined],
    ['an empty body', ''],
    ['half of an object', '{"a":'],
    ['plain text', 'hello'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a `__proto__`', '{"__proto__":{"admin":true}}'],
    ['a `__proto__` deep down', '{"a":[{"__proto__":{"admin":true}}]}'],
    ['a `constructor` with a `prototype`', '{"constructor":{"prototype":{}}}'],
    ['NaN', '{"a":NaN}'],
  ])('refuses %s', (_, body) => {
    expect(thrownCode(() => read(body))).toBe('invalid_request');
  });

  it.each([
    ['a lone continuation', [0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an end cut off', [0x22, 0xe2, 0x82]],
  ])('refuses bytes that are not UTF-8: %s', (_, bytes) => {
    expect(thrownCode(() => readBytes(Uint8Array.from(bytes)))).toBe('invalid_request');
  });

  it('survives ten thousand levels of nesting', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect(['nothing thrown', 'invalid_request']).toContain(thrownCode(() => read(deep)));
    expect(['nothing thrown', 'invalid_request']).toContain(thrownCode(() => read('{"a":'.repeat(10_000))));
  });

  it.each(['{"secret":"canary"', 'canary', '{"__proto__":"canary"}'])(
    'repeats nothing of a refused body: %s',
    (body) => {
      try {
        read(body);
        expect.unreachable();
      } catch (error) {
        const { detail, errors, message, members } = error as Record<string, unknown>;
        expect(JSON.stringify([detail, errors, message, members])).not.toContain('canary');
      }
    },
  );

  it('does not change the event', () => {
    const event = httpEvent({ body: '{"a":1}' });
    readBody(event);
    expect(event.body).toBe('{"a":1}');
  });
});

describe('the refusal of a body', () => {
  const refusal = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      return error;
    }
  };

  it.each([
    ['UTF-8', () => readBytes(Uint8Array.of(0x22, 0xff, 0x22)), 'the body must be UTF-8'],
    ['JSON', () => read('{'), 'the body must be JSON'],
    ['JSON, for a missing body', () => read(undefined), 'the body must be JSON'],
  ])('names the rule: %s', (_, call, detail) => {
    expect(refusal(call)).toMatchObject({ code: 'invalid_request', detail, errors: [{ pointer: '#', detail }] });
  });

  it('names the limit', () => {
    expect(refusal(() => read(bodyOfSize(65_537)))).toMatchObject({ detail: 'at most 65536 bytes' });
  });
});
