// Which texts are keys that a client can sign with, and that nothing prints them.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isSameSigningKey, readSigningKey } from '../../../../../lib/domain/oauth/client/signing-key.ts';
import { makeKey, toPem } from '../../../../support/providers/signing-keys.ts';

const rsa = makeKey.RS256().privateKey;
const pem = toPem(rsa);

describe('readSigningKey', () => {
  it.each(Object.entries(makeKey))('reads a key for %s as PKCS#8', (_, make) => {
    const { privateKey } = make();
    const read = readSigningKey(toPem(privateKey), 'k1');
    expect(read?.keyId).toBe('k1');
    expect(read?.privateKey.expose().equals(privateKey)).toBe(true);
  });

  it.each([
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PKCS#8 between blank lines', `\n${pem}\n\n`],
    ['PKCS#8 with Windows line ends', pem.replaceAll('\n', '\r\n')],
  ])('reads an RSA key as %s', (_, text) => {
    expect(readSigningKey(text, null)?.privateKey.expose().equals(rsa)).toBe(true);
  });

  it.each([
    ['no PEM', 'secret'],
    ['a PEM cut short', pem.slice(0, 200)],
    ['a public key', makeKey.RS256().publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    [
      'an encrypted key',
      rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    ],
    ['an RSA key of 1024 bits', toPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['an RSA-PSS key', toPem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey)],
    ['a key of another curve', toPem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey)],
    ['a key for agreement', toPem(generateKeyPairSync('x25519').privateKey)],
  ])('refuses %s', (_, text) => {
    expect(readSigningKey(text, null)).toBeNull();
  });

  it('gives nothing that prints the key', () => {
    const read = readSigningKey(pem, 'k1');
    const body = pem.split('\n')[1] ?? '';
    expect(`${JSON.stringify(read)}${inspect(read, { depth: 9, showHidden: true })}`).not.toContain(body);
    expect(`${read?.privateKey}`).toBe('[secret]');
  });
});

describe('isSameSigningKey', () => {
  const key = readSigningKey(pem, 'k1');

  it('is true for the same key in another encoding', () => {
    const other = readSigningKey(rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), 'k1');
    expect(isSameSigningKey(key, other)).toBe(true);
    expect(isSameSigningKey(null, null)).toBe(true);
  });

  it.each([
    ['another key', readSigningKey(toPem(makeKey.RS256().privateKey), 'k1')],
    ['a key of another type', readSigningKey(toPem(makeKey.ES256().privateKey), 'k1')],
    ['another name', readSigningKey(pem, 'k2')],
    ['no key', null],
  ])('is false for %s', (_, other) => {
    expect([isSameSigningKey(key, other), isSameSigningKey(other, key)]).toEqual([false, false]);
  });

  it('leaves nothing behind that makes the next key of the process unreadable', () => {
    const program = `
      import { generateKeyPairSync } from 'node:crypto';
      import { isSameSigningKey, readSigningKey } from './lib/domain/oauth/client/signing-key.ts';
      const pem = (key, type) => key.privateKey.export({ type, format: 'pem' }).toString();
      const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }), 'pkcs1');
      const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'pkcs8');
      const same = isSameSigningKey(readSigningKey(rsa, null), readSigningKey(ec, null));
      console.log(same, readSigningKey(rsa, null) !== null);`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(printed).toBe('false true\n');
  });
});
