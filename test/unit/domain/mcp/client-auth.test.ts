// How a client authenticates at a discovered server: by what its metadata offers, basic if it lists nothing.
import { describe, expect, it } from 'vitest';
import { chooseClientAuth, chooseOperatorAuth } from '../../../../lib/domain/mcp/client-auth.ts';

describe('the method to register with', () => {
  it.each<[readonly string[] | null, string | null]>([
    [null, 'client_secret_basic'],
    [[], 'client_secret_basic'],
    [['none'], 'none'],
    [['client_secret_post'], 'client_secret_post'],
    [['none', 'client_secret_post'], 'client_secret_post'],
    [['private_key_jwt', 'none', 'client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
    [['private_key_jwt', 'tls_client_auth'], null],
    [['client_secret_basic_raw'], null],
    [['NONE'], null],
  ])('of a server that offers %j is %s', (methods, expected) => {
    expect(chooseClientAuth(methods)).toBe(expected);
  });
});

describe('the method of the operator’s client', () => {
  it.each<[readonly string[] | null, Parameters<typeof chooseOperatorAuth>[1], string]>([
    [null, { hasSecret: true, clientAuth: 'client_secret_post' }, 'client_secret_basic'],
    [null, { hasSecret: false, clientAuth: 'client_secret_post' }, 'none'],
    [['client_secret_post'], { hasSecret: true, clientAuth: 'client_secret_post' }, 'client_secret_post'],
    [
      ['client_secret_basic', 'client_secret_post'],
      { hasSecret: true, clientAuth: 'client_secret_post' },
      'client_secret_post',
    ],
    [['client_secret_post'], { hasSecret: true, clientAuth: 'client_secret_basic' }, 'client_secret_post'],
    [['none'], { hasSecret: true, clientAuth: 'client_secret_basic' }, 'client_secret_basic'],
    [['client_secret_post'], { hasSecret: true, clientAuth: 'client_secret_basic_raw' }, 'client_secret_basic_raw'],
    [['client_secret_basic'], { hasSecret: true, clientAuth: 'none' }, 'none'],
  ])('at a server that offers %j, of %j, is %s', (methods, client, expected) => {
    expect(chooseOperatorAuth(methods, client)).toBe(expected);
  });
});
