// How a client authenticates, by what the record says and what the client has.
import { describe, expect, it } from 'vitest';
import { clientAuthMethod, isSameClient } from '../../../../../lib/domain/oauth/client/client-keys.ts';
import { readSigningKey } from '../../../../../lib/domain/oauth/client/signing-key.ts';
import type { ClientAuth } from '../../../../../lib/domain/oauth/provider-record.ts';
import { Secret } from '../../../../../lib/domain/values/secret.ts';
import { makeKey, toPem } from '../../../../support/providers/signing-keys.ts';

const signingKey = readSigningKey(toPem(makeKey.ES256().privateKey), null);
const clientSecret = new Secret('s');
const nothing = { clientId: 'c', clientSecret: null };
const withSecret = { clientId: 'c', clientSecret };
const withKey = { clientId: 'c', clientSecret: null, signingKey };

describe('clientAuthMethod', () => {
  it.each<[ClientAuth, ClientAuth, ClientAuth, ClientAuth, ClientAuth]>([
    // The record, then a client with nothing, a secret, a key, both.
    ['none', 'none', 'none', 'none', 'none'],
    ['client_secret_post', 'none', 'client_secret_post', 'private_key_jwt', 'client_secret_post'],
    ['client_secret_basic', 'none', 'client_secret_basic', 'private_key_jwt', 'client_secret_basic'],
    ['client_secret_basic_raw', 'none', 'client_secret_basic_raw', 'private_key_jwt', 'client_secret_basic_raw'],
    ['private_key_jwt', 'none', 'client_secret_post', 'private_key_jwt', 'private_key_jwt'],
  ])('of %s', (record, ...methods) => {
    const clients = [nothing, withSecret, withKey, { ...withSecret, signingKey }];
    expect(clients.map((client) => clientAuthMethod(record, client))).toEqual(methods);
  });
});

describe('isSameClient', () => {
  it('compares id, secret and key', () => {
    const both = { ...withSecret, signingKey };
    expect(isSameClient(both, { ...both, clientSecret: new Secret('s') })).toBe(true);
    expect(isSameClient(nothing, { ...nothing, signingKey: null })).toBe(true);
    const others = [withSecret, withKey, { ...both, clientId: 'd' }, { ...both, clientSecret: new Secret('t') }];
    expect(others.map((other) => isSameClient(both, other))).toEqual([false, false, false, false]);
  });
});
