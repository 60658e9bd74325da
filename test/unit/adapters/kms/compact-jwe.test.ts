// The compact JWE, compared with another implementation, and what it refuses to open.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { decryptCompact, encryptCompact, IV_BYTES } from '../../../../lib/adapters/kms/compact-jwe.ts';

const key = new Uint8Array(randomBytes(32));
const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' };
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });

const encrypt = (plaintext: string, parameters = {}) =>
  encryptCompact(plaintext, parameters, { key, iv: randomBytes(IV_BYTES) });

const encryptByJose = (plaintext: string, header: Record<string, unknown>) =>
  new CompactEncrypt(new TextEncoder().encode(plaintext)).setProtectedHeader({ ...ALGORITHMS, ...header }).encrypt(key);

const encode = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');

describe('the compact JWE, compared with another implementation (jose)', () => {
  it('is opened by the other implementation', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (plaintext, bind) => {
        const opened = await compactDecrypt(encrypt(plaintext, { bind }), key);
        expect(new TextDecoder().decode(opened.plaintext)).toBe(plaintext);
        expect(opened.protectedHeader).toEqual({ ...ALGORITHMS, bind });
      }),
    );
  });

  it('opens what the other implementation sealed', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (plaintext, bind) => {
        const opened = decryptCompact(await encryptByJose(plaintext, { bind }), key);
        expect(opened).toEqual({ plaintext, header: { ...ALGORITHMS, bind } });
      }),
    );
  });

  it('refuses what the other implementation refuses: one changed character anywhere', async () => {
    const sealed = encrypt('{"apiKey":"canary"}', { bind: 'hash' });
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'Q' : 'A'}${sealed.slice(at + 1)}`;
      const theirs = await compactDecrypt(changed, key).then(
        () => 'opens',
        () => 'refused',
      );
      if (theirs === 'refused') expect(() => decryptCompact(changed, key), `character ${at}`).toThrow();
    }
  });
});

describe('the compact JWE', () => {
  it.each([16, 31, 33])('takes no key of %i bytes', (length) => {
    const sealed = encrypt('{}');
    expect(() => encryptCompact('{}', {}, { key: new Uint8Array(length), iv: randomBytes(IV_BYTES) })).toThrow(
      '256 bits',
    );
    expect(() => decryptCompact(sealed, new Uint8Array(length))).toThrow('256 bits');
  });

  it.each<[string, unknown, string]>([
    ['another key management', { alg: 'A256KW', enc: 'A256GCM' }, 'another algorithm'],
    ['another encryption', { alg: 'dir', enc: 'A128GCM' }, 'another algorithm'],
    ['no algorithm', {}, 'another algorithm'],
    ['a critical extension', { ...ALGORITHMS, crit: ['exp'], exp: 1 }, 'an extension'],
    ['compression', { ...ALGORITHMS, zip: 'DEF' }, 'an extension'],
    ['a list as its header', [ALGORITHMS], 'another algorithm'],
    ['null as its header', null, 'not an object'],
    ['a text as its header', 'dir', 'not an object'],
  ])('does not open with %s', (_, header, message) => {
    const [, ...rest] = encrypt('{}').split('.');
    expect(() => decryptCompact([encode(header), ...rest].join('.'), key)).toThrow(message);
  });

  it.each<[string, (parts: string[]) => string[]]>([
    ['an encrypted key', ([header, , ...rest]) => [header ?? '', 'AA', ...rest]],
    ['a short tag', (parts) => [...parts.slice(0, 4), (parts[4] ?? '').slice(0, 16)]],
    ['a long IV', ([header, none, iv, ...rest]) => [header ?? '', none ?? '', `${iv}AAAA`, ...rest]],
    ['a sixth part', (parts) => [...parts, 'AA']],
    ['a character before it', ([header, ...rest]) => [` ${header}`, ...rest]],
    ['padding', (parts) => [...parts.slice(0, 4), `${parts[4]}==`]],
  ])('does not open with %s', (_, change) => {
    const changed = change(encrypt('{}').split('.')).join('.');
    expect(() => decryptCompact(changed, key)).toThrow('not a compact JWE');
  });
});
