// A provider named by its issuer: which entries are, and what the issuer's metadata adds to them.
import { describe, expect, it } from 'vitest';
import type { AuthorizationServer } from '../../../../../lib/domain/mcp/authorization-server.ts';
import {
  completeRecord,
  isIssuerRecord,
  toUnreadRecord,
} from '../../../../../lib/domain/oauth/client/issuer-record.ts';
import { readSigningKey } from '../../../../../lib/domain/oauth/client/signing-key.ts';
import { Secret } from '../../../../../lib/domain/values/secret.ts';
import { makeKey, toPem } from '../../../../support/providers/signing-keys.ts';

const issuer = 'https://id.example.com/realms/one';
const endpoints = {
  authorizationEndpoint: 'https://id.example.com/authorize',
  tokenEndpoint: 'https://id.example.com/token',
};
const server: AuthorizationServer = {
  issuer,
  ...endpoints,
  revocationEndpoint: null,
  deviceAuthorizationEndpoint: null,
  registrationEndpoint: null,
  clientAuthMethods: null,
  acceptsMetadataDocuments: false,
  namesIssuer: false,
  offersPkce: true,
  scopesSupported: null,
  grantTypes: null,
};
const nothing = { clientId: 'c', clientSecret: null };
const withSecret = { clientId: 'c', clientSecret: new Secret('s') };
const withKey = {
  clientId: 'c',
  clientSecret: null,
  signingKey: readSigningKey(toPem(makeKey.ES256().privateKey), null),
};

describe('isIssuerRecord', () => {
  it.each([
    [{ issuer }, true],
    [{ issuer, tokenEndpoint: endpoints.tokenEndpoint }, true],
    [{ issuer, authorizationEndpoint: endpoints.authorizationEndpoint }, true],
    [{ issuer, ...endpoints }, false],
    [endpoints, false],
    [{}, false],
    [{ issuer: 'https://id.example.com/?tenant=1' }, false],
    [{ issuer: 'https://id.example.com/{tenant}' }, false],
    [{ issuer: 'https://id.example.com/a/../b' }, false],
    [{ issuer: 'https://id.example.com/a%2fb' }, false],
  ])('of %j is %s', (record, is) => {
    expect(isIssuerRecord(record)).toBe(is);
  });
});

describe('toUnreadRecord', () => {
  it('has no endpoint that the entry does not name', () => {
    expect(toUnreadRecord({ issuer })).toEqual({ issuer, authorizationEndpoint: '', tokenEndpoint: '' });
    expect(toUnreadRecord({ issuer, tokenEndpoint: 'https://a.example/' }).tokenEndpoint).toBe('https://a.example/');
  });
});

describe('completeRecord', () => {
  it('takes the endpoints of the metadata', () => {
    const all = {
      revocationEndpoint: 'https://id.example.com/revoke',
      deviceAuthorizationEndpoint: 'https://id.example.com/device',
    };
    expect(completeRecord({ issuer }, { ...server, ...all, namesIssuer: true }, nothing)).toEqual({
      issuer,
      ...endpoints,
      ...all,
      authorizationResponseIssParameterSupported: true,
      clientAuth: 'none',
    });
  });

  it('adds no endpoint that the metadata does not have', () => {
    expect(Object.keys(completeRecord({ issuer }, server, nothing)).toSorted()).toEqual([
      'authorizationEndpoint',
      'authorizationResponseIssParameterSupported',
      'clientAuth',
      'issuer',
      'tokenEndpoint',
    ]);
  });

  it('keeps what the entry says', () => {
    const record = {
      issuer,
      tokenEndpoint: 'https://other.example.com/token',
      revocationEndpoint: 'https://other.example.com/revoke',
      clientAuth: 'client_secret_basic_raw',
      defaultScopes: ['read'],
    } as const;
    const complete = completeRecord({ ...record, defaultScopes: ['read'] }, server, withSecret);
    expect(complete).toMatchObject({ ...record, authorizationEndpoint: endpoints.authorizationEndpoint });
  });

  it.each([
    [null, 'client_secret_basic'],
    [[], 'client_secret_basic'],
    [['client_secret_basic', 'client_secret_post'], 'client_secret_basic'],
    [['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
    [['none', 'client_secret_post'], 'client_secret_post'],
    [['tls_client_auth'], 'client_secret_basic'],
  ])('where the server offers %j, a client with a secret uses %s', (clientAuthMethods, clientAuth) => {
    expect(completeRecord({ issuer }, { ...server, clientAuthMethods }, withSecret)).toMatchObject({ clientAuth });
    expect(completeRecord({ issuer }, { ...server, clientAuthMethods }, withKey).clientAuth).toBe('private_key_jwt');
    expect(completeRecord({ issuer }, { ...server, clientAuthMethods }, nothing).clientAuth).toBe('none');
  });
});
