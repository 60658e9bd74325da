// A secret is never printed by accident: every way to make text of it gives `[secret]`.
import { format, formatWithOptions, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../lib/domain/values/secret.ts';

const secret = new Secret('canary');

const prints: [string, () => unknown][] = [
  ['String', () => String(secret)],
  ['a template', () => `${secret}`],
  ['toString', () => secret.toString()],
  ['toLocaleString', () => secret.toLocaleString()],
  ['JSON', () => JSON.stringify(secret)],
  ['JSON of an object with it', () => JSON.stringify({ a: [secret] })],
  ['inspection', () => inspect(secret)],
  ['deep inspection', () => inspect({ a: { b: [secret] } }, { depth: 9, showHidden: true, getters: true })],
  ['inspection of a map', () => inspect(new Map([['k', secret]]), { showHidden: true })],
  ['%s', () => format('%s', secret)],
  ['%o', () => format('%o', secret)],
  ['%O', () => format('%O', secret)],
  ['%j', () => format('%j', secret)],
  ['%d', () => format('%d', secret)],
  ['no placeholder', () => formatWithOptions({ colors: true }, 'a', secret, [secret])],
  ['spread', () => JSON.stringify({ ...secret })],
  ['entries', () => JSON.stringify(Object.entries(secret))],
  ['own names', () => JSON.stringify(Reflect.ownKeys(secret))],
  ['assign', () => inspect(Object.assign({}, secret))],
  ['a clone', () => inspect(structuredClone({ ...secret }), { showHidden: true })],
  ['an error message with it', () => inspect(new Error(`about ${secret}`))],
  ['a key of an object', () => Object.keys({ [`${secret}`]: 1 }).join()],
  ['join', () => [secret, secret].join()],
];

describe('Secret', () => {
  it('returns the secret from expose()', () => {
    const held = { a: 1 };
    expect(new Secret(held).expose()).toBe(held);
  });

  it.each(prints)('is not printed by %s', (_, print) => {
    expect(print()).not.toContain('canary');
  });

  it.each(['String', 'JSON', 'inspection', '%s', '%o'])('is printed as [secret]: %s', (name) => {
    const [, print] = prints.find(([what]) => what === name) ?? [];
    expect(print?.()).toContain('[secret]');
  });

  it('is not printed by a failed comparison', () => {
    let message = '';
    try {
      expect(secret).toEqual('something else');
    } catch (error) {
      message = inspect(error, { depth: 9 });
    }
    expect(message).not.toBe('');
    expect(message).not.toContain('canary');
  });
});
