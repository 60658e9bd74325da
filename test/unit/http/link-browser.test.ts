// The cookie of a link's browser, and the pages that may send requests.
import { describe, expect, it } from 'vitest';
import { isOwnPage, readLinkCookie, writeLinkCookie } from '../../../lib/http/link-browser.ts';

const HTTPS = 'https://keys.example.com';
const LOCAL = 'http://127.0.0.1:3000';
const SECRET = 'A-_'.repeat(14).concat('z');

describe('the cookie of a link', () => {
  it.each([
    [HTTPS, `__Host-keyhold-link=${SECRET}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure`],
    [LOCAL, `keyhold-link=${SECRET}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax`],
  ])('at %s is %s', (base, field) => {
    expect(writeLinkCookie(base, SECRET)).toBe(field);
    expect(readLinkCookie(base, ['a=b', field.split(';')[0] ?? '', 'c=d'])).toBe(SECRET);
  });

  it.each([
    [HTTPS, [`keyhold-link=${SECRET}`]],
    [LOCAL, [`__Host-keyhold-link=${SECRET}`]],
    [LOCAL, [`keyhold-link=${SECRET}x`]],
    [LOCAL, [`keyhold-link=${SECRET.slice(1)}`]],
    [LOCAL, ['keyhold-link=']],
    [LOCAL, [`xkeyhold-link=${SECRET}`]],
    [LOCAL, []],
  ])('at %s is none of %j', (base, cookies) => {
    expect(readLinkCookie(base, cookies)).toBeNull();
  });
});

describe('the page of a request', () => {
  it.each([
    [HTTPS, undefined],
    [HTTPS, HTTPS],
    [HTTPS, 'https://keys.example.com:443'],
    [LOCAL, LOCAL],
    [LOCAL, 'http://localhost:3000'],
  ])('at %s may be %s', (base, origin) => {
    expect(isOwnPage(base, origin)).toBe(true);
  });

  it.each([
    [HTTPS, 'http://keys.example.com'],
    [HTTPS, 'https://keys.example.com.evil.example'],
    [HTTPS, 'https://example.com'],
    [HTTPS, 'https://keys.example.com:8443'],
    [HTTPS, 'null'],
    [HTTPS, ''],
    [LOCAL, 'http://localhost:3001'],
    [LOCAL, 'https://localhost:3000'],
    [LOCAL, 'http://evil.example:3000'],
    [LOCAL, 'null'],
  ])('at %s may not be %s', (base, origin) => {
    expect(isOwnPage(base, origin)).toBe(false);
  });
});
