import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, readBody } from '../../../lib/http/chain/read-body.ts';
import { httpEvent } from '../../support/builders.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const read = (body: string | undefined, headers: Record<string, string> = JSON_TYPE) =>
  readBody({ ...httpEvent({ body }), headers });

const readBytes = (bytes: Uint8Array) =>
  readBody(httpEvent({ body: Buffer.from(bytes).toString('base64'), headers: JSON_TYPE, base64: true }));

const codeOf = (call: () => unknown): unknown => {
  try {
    call();
    return 'nothing thrown';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** `{"k":"aaa…"}` of so many bytes. */
const ofSize = (bytes: number) => JSON.stringify({ k: 'a'.repeat(bytes - 8) });

describe('readBody', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['white space around', ' \n{"a":1}\t', { a: 1 }],
    ['text beyond ASCII', '{"é":"🔑"}', { é: '🔑' }],
    ['what is no object', '5', 5],
  ])('reads %s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it('reads bytes that came as base64', () => {
    expect(readBytes(Buffer.from('{"é":1}'))).toEqual({ é: 1 });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])('takes %s', (type) => {
    expect(read('{}', { 'content-type': type })).toEqual({});
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'text/json', '', 'json'])(
    'refuses the content type %j',
    (type) => {
      expect(codeOf(() => read('{}', { 'content-type': type }))).toBe('unsupported_media_type');
    },
  );

  it('refuses a body without a content type', () => {
    expect(codeOf(() => read('{}', {}))).toBe('unsupported_media_type');
  });

  it('takes 64 KB', () => {
    expect(MAX_BODY_BYTES).toBe(65_536);
    expect(read(ofSize(65_536))).toHaveProperty('k');
  });

  it.each([
    ['one byte more', ofSize(65_537)],
    ['six megabytes', ofSize(6_000_000)],
    ['characters that are more in bytes', JSON.stringify({ k: 'é'.repeat(33_000) })],
  ])('refuses %s', (_, body) => {
    expect(codeOf(() => read(body))).toBe('body_too_large');
  });

  it('measures base64 by what it holds', () => {
    expect(readBytes(Buffer.from(ofSize(65_536)))).toHaveProperty('k');
    expect(codeOf(() => readBytes(Buffer.from(ofSize(65_537))))).toBe('body_too_large');
  });

  it.each([
    ['no body', undefined],
    ['an empty body', ''],
    ['half of an object', '{"a":'],
    ['plain text', 'hello'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a `__proto__`', '{"__proto__":{"admin":true}}'],
    ['a `__proto__` deep down', '{"a":[{"__proto__":{"admin":true}}]}'],
    ['NaN', '{"a":NaN}'],
  ])('refuses %s', (_, body) => {
    expect(codeOf(() => read(body))).toBe('invalid_request');
  });

  it.each([
    ['a lone continuation', [0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an end cut off', [0x22, 0xe2, 0x82]],
  ])('refuses bytes that are no UTF-8: %s', (_, bytes) => {
    expect(codeOf(() => readBytes(Uint8Array.from(bytes)))).toBe('invalid_request');
  });

  it('reads or refuses ten thousand levels, and does not break', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect(['nothing thrown', 'invalid_request']).toContain(codeOf(() => read(deep)));
    expect(['nothing thrown', 'invalid_request']).toContain(codeOf(() => read('{"a":'.repeat(10_000))));
  });

  it.each(['{"secret":"canary"', 'canary', '{"__proto__":"canary"}'])(
    'repeats nothing of what it refuses: %s',
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

  it('leaves the event as it came', () => {
    const event = httpEvent({ body: '{"a":1}' });
    readBody(event);
    expect(event.body).toBe('{"a":1}');
  });
});

describe('a refused body', () => {
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
    ['there', () => read(undefined), 'the body must be JSON'],
  ])('is told that it is not %s', (_, call, detail) => {
    expect(refusal(call)).toMatchObject({ code: 'invalid_request', detail, errors: [{ pointer: '#', detail }] });
  });

  it('is told how large it may be', () => {
    expect(refusal(() => read(ofSize(65_537)))).toMatchObject({ detail: 'at most 65536 bytes' });
  });
});
