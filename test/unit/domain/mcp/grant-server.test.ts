// What is sealed of a server with its grant, and the origins that a secret may go to.
import { describe, expect, it } from 'vitest';
import { areEndpointsAt, listOrigins } from '../../../../lib/domain/mcp/endpoint-origins.ts';
import { GrantServer } from '../../../../lib/domain/mcp/grant-server.ts';

describe('the authentication of a sealed client', () => {
  const isRead = (clientAuth: unknown): boolean => GrantServer.shape.clientAuth.safeParse(clientAuth).success;

  it.each(['client_secret_post', 'none', 'a'.repeat(64)])('is a word: %s', (word) => {
    expect(isRead(word)).toBe(true);
  });

  it.each(['', 'a b', ' none', 'none ', 'a'.repeat(65), 5, null, ['none'], undefined])(
    'is nothing else: %j',
    (value) => {
      expect(isRead(value)).toBe(false);
    },
  );
});

describe('the origins of endpoints', () => {
  const [A, B] = ['https://a.example', 'https://b.example'];

  it('are listed once each, in alphabetical order', () => {
    expect(listOrigins({ tokenEndpoint: `${B}/token`, revocationEndpoint: `${A}/revoke` })).toEqual([A, B]);
    expect(listOrigins({ tokenEndpoint: `${A}/token`, revocationEndpoint: `${A}/revoke` })).toEqual([A]);
    expect(listOrigins({ tokenEndpoint: `${A}/token`, revocationEndpoint: null })).toEqual([A]);
  });

  it('have none for a text that is no URL, which is at no origin', () => {
    const endpoints = { tokenEndpoint: `${A}/token`, revocationEndpoint: 'no URL' };
    expect(listOrigins(endpoints)).toEqual([A]);
    expect(areEndpointsAt(endpoints, [A])).toBe(false);
  });
});
