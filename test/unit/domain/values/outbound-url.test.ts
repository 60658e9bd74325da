// Which URLs the service may fetch, before any name is resolved.
import { describe, expect, it } from 'vitest';
import { checkOutboundUrl, isLoopbackHost } from '../../../../lib/domain/values/outbound-url.ts';

const publicUrls = [
  'https://auth.example.com/token',
  'https://auth.example.com',
  'https://auth.example.com:8443/token?tenant=a',
  'https://AUTH.Example.COM/token',
  'https://xn--bcher-kva.example/token',
  'https://a-b.c1.example.io/x/@me',
  'https://localhost.example.com/',
  'https://internal.example.com/',
  'https://1.example.com/',
  'https://sub.local.example.com/',
  'https://auth.example.com?tenant=a',
  'https://auth.example.com/~a|b',
  'https://a.co/',
  'https://a.co:1/',
  'https://x.mylan/',
  'https://localhost.mylocal/',
  `https://${'a'.repeat(63)}.${'b'.repeat(63)}/`,
  `https://${`${'a'.repeat(60)}.`.repeat(4)}${'b'.repeat(9)}/`,
  `https://auth.example.com/${'a'.repeat(2048 - 'https://auth.example.com/'.length)}`,
];

const loopbackUrls = [
  'http://127.0.0.1:4000/token',
  'http://127.8.9.10/',
  'http://localhost:3000/',
  'http://LOCALHOST/',
  'http://[::1]:8080/x',
];

const neverUrls = [
  '',
  'auth.example.com',
  '//auth.example.com/',
  '/token',
  'ftp://auth.example.com/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'javascript:alert(1)',
  'http://auth.example.com/token',
  'HTTP://auth.example.com/token',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:127.0.0.1]/',
  'http://[fe80::1]/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://127.1/',
  'http://0177.0.0.1/',
  'http://127.0.0.1./',
  'http://127.0.0.1.example.com/',
  'http://sub.localhost/',
  'https://user@auth.example.com/',
  'https://user:pass@auth.example.com/',
  'https://@auth.example.com/',
  'https://:@auth.example.com/',
  'https://auth.example.com@evil.example/',
  'https://user@auth.example.com/https://auth.example.com/',
  'https://auth.example.com/#part',
  'https://auth.example.com/#',
  'https://auth.example.com\\@evil.example/',
  'https:\\\\auth.example.com\\',
  'https:/auth.example.com/',
  'https:auth.example.com',
  'https:///auth.example.com/',
  'https://auth.example.com./',
  'https://auth.example.com:99999/',
  'https://auth.example.com:/x',
  'https://auth.example.com:000443/x',
  'xhttps://auth.example.com/',
  'https://x.lan/',
  'https://x.home/',
  'https://x.intranet/',
  'https://x.private/',
  'https://x.invalid/',
  'https://x.alt/',
  'https://a.c/',
  `https://${'a'.repeat(63)}.${'b'.repeat(64)}/`,
  `https://${`${'a'.repeat(60)}.`.repeat(4)}${'b'.repeat(10)}/`,
  `https://auth.example.com/${'a'.repeat(2049 - 'https://auth.example.com/'.length)}`,
  'https://auth..example.com/',
  'https://-auth.example.com/',
  'https://auth-.example.com/',
  'https://auth_1.example.com/',
  'https://.example.com/',
  'https://a.b.-x.com/',
  'https://example/',
  'https://localhost/',
  'https://localhost:8443/',
  'https://sub.localhost/',
  'https://printer.local/',
  'https://metadata.google.internal/',
  'https://router.home.arpa/',
  'https://db.corp/',
  'https://x.localdomain/',
  'https://1.0.0.127.in-addr.arpa/',
  'https://hidden.onion/',
  'https://127.0.0.1/',
  'https://8.8.8.8/',
  'https://0x7f.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://017700000001/',
  'https://127.1/',
  'https://0/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[2606:4700::1111]/',
  'https://[fe80::1%25eth0]/',
  'https://%31%32%37.0.0.1/',
  'https://%61uth.example.com/',
  'https://auth.example.com%2f@evil.example/',
  'https://auth.example.com%00.evil.example/',
  'https://１２７.0.0.1/',
  'https://127。0。0。1/',
  'https://ａuth.example.com/',
  'https://bücher.example/',
  'https://еxample.com/',
  'https://auth\u00ad.example.com/',
  ' https://auth.example.com/',
  'https://auth.example.com/ ',
  'https://auth.exa\tmple.com/',
  'https://auth.example.com/\r\nHost: evil.example',
  'https://auth.example.com/\0',
  'https://{domain}/token',
  'https://auth.example.com/{client_id}/token',
  `https://auth.example.com/${'a'.repeat(2048)}`,
  `https://${'a'.repeat(64)}.example.com/`,
  `https://${'a.'.repeat(127)}com/`,
];

describe('checkOutboundUrl', () => {
  it.each(publicUrls)('allows under both policies: %s', (text) => {
    expect(checkOutboundUrl(text, 'public')?.protocol).toBe('https:');
    expect(checkOutboundUrl(text, 'local')).toEqual(checkOutboundUrl(text, 'public'));
  });

  it.each(loopbackUrls)('allows under the local policy only: %s', (text) => {
    expect(checkOutboundUrl(text, 'public')).toBeNull();
    expect(isLoopbackHost(checkOutboundUrl(text, 'local')?.hostname ?? '')).toBe(true);
  });

  it.each(neverUrls)('refuses under both policies: %j', (text) => {
    expect(checkOutboundUrl(text, 'public')).toBeNull();
    expect(checkOutboundUrl(text, 'local')).toBeNull();
  });
});

describe('isLoopbackHost', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.100.200.255', true],
    ['[::1]', true],
    ['xlocalhost', false],
    ['localhost.example', false],
    ['x127.0.0.1', false],
    ['127.0.0.1.example', false],
    ['127.0.0', false],
    ['127.0.0.1.1', false],
    ['127.0.0.1000', false],
    ['[::1].example', false],
    ['[::2]', false],
    ['', false],
  ])('of %j: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});
