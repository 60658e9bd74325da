// The private keys of an operator's entry: which entries are valid, and that no key is printed or logged.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readOperatorProvider } from '../../../lib/adapters/secrets/operator-provider.ts';
import { makeKey, toPem } from '../../support/providers/signing-keys.ts';

const privateKey = toPem(makeKey.ES256().privateKey);
const acme = {
  clientId: 'c',
  authorizationEndpoint: 'https://acme.example.com/authorize',
  tokenEndpoint: 'https://acme.example.com/token',
};
const read = (entry: object, provider = 'acme') => readOperatorProvider(provider, { ...acme, ...entry }, () => true);

describe('the private key of an entry', () => {
  it('is kept with its name, and means private_key_jwt', () => {
    const known = read({ privateKey, keyId: 'k1' });
    expect(known?.profile).toMatchObject({ clientAuth: 'private_key_jwt', revocationClientAuth: 'private_key_jwt' });
    expect(known?.client).toMatchObject({ clientSecret: null, signingKey: { keyId: 'k1' } });
  });

  it('replaces the authentication of the catalogue', () => {
    const { profile } = readOperatorProvider('github', { clientId: 'c', privateKey }, () => true) ?? {};
    expect(profile?.clientAuth).toBe('private_key_jwt');
  });

  it('does not replace the authentication that the entry names', () => {
    const known = read({ privateKey, clientSecret: 's', clientAuth: 'client_secret_basic' });
    expect(known?.profile.clientAuth).toBe('client_secret_basic');
  });

  it('may belong to an older client', () => {
    const olderClients = [{ clientId: 'a', privateKey, keyId: 'k0' }, { clientId: 'b' }];
    const known = read({ clientSecret: 's', olderClients });
    expect(known?.profile.clientAuth).toBe('client_secret_post');
    expect(known?.client?.olderClients).toMatchObject([
      { clientId: 'a', clientSecret: null, signingKey: { keyId: 'k0' } },
      { clientId: 'b', clientSecret: null, signingKey: null },
    ]);
  });

  it.each<[string, object]>([
    ['no key', { privateKey: 'secret' }],
    ['an empty key', { privateKey: '' }],
    ['a key that cannot sign', { privateKey: makeKey.ES256().publicKey.export({ type: 'spki', format: 'pem' }) }],
    ['a name without a key', { keyId: 'k1' }],
    ['an empty name', { privateKey, keyId: '' }],
    ['private_key_jwt without a key', { clientAuth: 'private_key_jwt', clientSecret: 's' }],
    ['private_key_jwt without a key at revocation', { revocationClientAuth: 'private_key_jwt', clientSecret: 's' }],
    ['a bad key of an older client', { clientSecret: 's', olderClients: [{ clientId: 'a', privateKey: 'secret' }] }],
  ])('makes the entry invalid: %s', (_, entry) => {
    expect(read(entry)).toBeNull();
  });

  it('is not printed', () => {
    const known = read({ privateKey, olderClients: [{ clientId: 'a', privateKey }] });
    const printed = `${JSON.stringify(known)}${inspect(known, { depth: 9, showHidden: true })}`;
    expect(printed).not.toContain(privateKey.split('\n')[1]);
  });
});
