// The check's record: what it accepts, and the URL that it makes.
import { describe, expect, it } from 'vitest';
import { Verification, verificationUrl, withQuery } from '../../../../lib/domain/oauth/verification.ts';

const plain = { method: 'GET', path: '/v1/models' };

describe('Verification', () => {
  it.each([
    plain,
    { method: 'HEAD', path: '/' },
    { method: 'POST', path: '/{tenant}/me?fields=id', headers: { 'x-version': '2' } },
    {
      ...plain,
      invalidWhen: [{ status: 403 }, { path: 'error', equals: 'denied' }, { path: 'errors.0.code', equals: 7 }],
    },
    { ...plain, invalidWhen: [{ path: 'error' }] },
  ])('accepts %j', (given) => {
    expect(Verification.safeParse(given).success).toBe(true);
  });

  it.each([
    { path: '/v1/models' },
    { method: 'DELETE', path: '/v1/models' },
    { method: 'GET', path: 'v1/models' },
    { method: 'GET', path: '@evil.example/' },
    { method: 'GET', path: '/v1 /models' },
    { method: 'GET', path: '/v1#models' },
    { ...plain, headers: { 'x-a': 'b\r\nc: d' } },
    { ...plain, invalidWhen: [] },
    { ...plain, invalidWhen: [{}] },
    { ...plain, invalidWhen: [{ equals: 'x' }] },
    { ...plain, invalidWhen: [{ status: 403, equals: 'x' }] },
    { ...plain, invalidWhen: [{ status: 99 }] },
    { ...plain, invalidWhen: [{ path: 'a', equals: true }] },
    { ...plain, invalidWhen: Array.from({ length: 17 }, () => ({ status: 403 })) },
    { ...plain, body: '{}' },
  ])('refuses %j', (given) => {
    expect(Verification.safeParse(given).success).toBe(false);
  });

  it('reads header names in lower case', () => {
    expect(Verification.parse({ ...plain, headers: { 'X-Version': '2' } }).headers).toEqual({ 'x-version': '2' });
  });
});

describe('verificationUrl', () => {
  it.each([
    ['https://api.example.com', '/me', {}, 'https://api.example.com/me'],
    ['https://api.example.com/', '/me', {}, 'https://api.example.com/me'],
    ['https://api.example.com/v2', '/me?a=1', { key: 'x&y' }, 'https://api.example.com/v2/me?a=1&key=x%26y'],
    ['https://api.example.com', '/me?key=default', { key: 'own' }, 'https://api.example.com/me?key=own'],
    ['https://api.example.com', '//evil.example/me', {}, 'https://api.example.com//evil.example/me'],
    ['https://api.example.com', '/../../me', {}, 'https://api.example.com/me'],
  ])('joins %s and %s', (base, path, query, url) => {
    expect(withQuery(verificationUrl(base, path) ?? '', query)).toBe(url);
  });

  it.each([
    ['https://api.example.com', '@evil.example/'],
    ['https://api.example.com', '.evil.example/'],
    ['https://api.example.com', ':8443/'],
    ['not a url', '/me'],
  ])('makes none of %s and %s, which would leave the origin', (base, path) => {
    expect(verificationUrl(base, path)).toBeNull();
  });
});
