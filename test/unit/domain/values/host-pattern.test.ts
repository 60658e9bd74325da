// Host patterns: the accepted forms, and their normal form.
import { describe, expect, it } from 'vitest';
import { normalizeHostPattern, parseHostPattern } from '../../../../lib/domain/values/host-pattern.ts';

const label63 = 'a'.repeat(63);
const host253 = `${label63}.${label63}.${label63}.${'a'.repeat(61)}`;

describe('normalizeHostPattern', () => {
  it.each([
    ['example.com', 'example.com'],
    ['API.Example.COM', 'api.example.com'],
    ['example.com.', 'example.com'],
    ['*.example.com', '*.example.com'],
    ['*.EXAMPLE.com.', '*.example.com'],
    ['*.example.com:8443', '*.example.com:8443'],
    ['example.com:443', 'example.com:443'],
    ['example.com.:80', 'example.com:80'],
    ['example.com:65535', 'example.com:65535'],
    ['localhost', 'localhost'],
    ['LOCALHOST:3000', 'localhost:3000'],
    ['my_bucket.example.com', 'my_bucket.example.com'],
    ['r3---sn.example.com', 'r3---sn.example.com'],
    ['b\u00fccher.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['*.b\u00fccher.example', '*.xn--bcher-kva.example'],
    ['example\u3002com', 'example.com'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0177.0.0.1:8080', '127.0.0.1:8080'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]:8080', '[::1]:8080'],
    ['[2001:DB8::A]', '[2001:db8::a]'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    [host253, host253],
    [`${host253}.`, host253],
    [`*.${host253}.:65535`, `*.${host253}:65535`],
    ['*.example.x1', '*.example.x1'],
    ['*.a.1b.example', '*.a.1b.example'],
    [`*.${label63}.com`, `*.${label63}.com`],
  ])('normalizes %j to %j', (text, expected) => {
    expect(normalizeHostPattern(text)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a space before', ' example.com'],
    ['a space inside', 'exa mple.com'],
    ['a tab, which URL parsers drop', 'exam\tple.com'],
    ['a line break', 'example.com\n'],
    ['a NUL', 'example.com\0'],
    ['DEL', 'example\u007f.com'],
    ['a C1 control', 'example\u0085.com'],
    ['a lone surrogate', 'example\ud800.com'],
    ['a URL', 'https://example.com'],
    ['a scheme without slashes', 'https:example.com'],
    ['slashes without a scheme', '//example.com'],
    ['a path', 'example.com/path'],
    ['a slash', 'example.com/'],
    ['a full-width slash', 'example.com\uff0fpath'],
    ['a backslash', 'example.com\\path'],
    ['a query', 'example.com?q'],
    ['a fragment', 'example.com#f'],
    ['userinfo', 'user@example.com'],
    ['a password', 'user:pass@example.com'],
    ['a percent escape', 'ex%61mple.com'],
    ['a star', '*'],
    ['a star and a dot', '*.'],
    ['two stars', '*.*.com'],
    ['a star in the middle', 'a.*.com'],
    ['a star without a dot', '*example.com'],
    ['a star at the end', 'example.*'],
    ['a full-width star', '\uff0a.example.com'],
    ['a star before a full-width dot', '*\u3002example.com'],
    ['a wildcard over a top-level domain', '*.com'],
    ['a wildcard over a top-level domain with a dot', '*.com.'],
    ['a wildcard over a top-level IDN', '*.\u0440\u0444'],
    ['a wildcard over localhost', '*.localhost'],
    ['a wildcard over IPv4', '*.1.2.3.4'],
    ['a wildcard over IPv4 of two digits at the end', '*.1.2.3.44'],
    ['a wildcard over short IPv4', '*.0x7f.1'],
    ['a wildcard over IPv6', '*.[::1]'],
    ['a dot', '.'],
    ['a dot before', '.example.com'],
    ['two dots inside', 'a..example.com'],
    ['two dots after', 'example.com..'],
    ['a character that no host has', 'exa!mple.com'],
    ['254 characters', `${host253}a`],
    ['hundreds of characters that normalization removes', `exam${'\u00ad'.repeat(300)}ple.com`],
    ['a label of 64', `${'a'.repeat(64)}.com`],
    ['an IDN label above 63', `${'\u00e9'.repeat(60)}.com`],
    ['10,000 characters', '\u00e9'.repeat(10_000)],
    ['port 0', 'example.com:0'],
    ['port 65536', 'example.com:65536'],
    ['port 99999', 'example.com:99999'],
    ['a port of six digits', 'example.com:100000'],
    ['no port after the colon', 'example.com:'],
    ['a leading zero', 'example.com:080'],
    ['a signed port', 'example.com:+80'],
    ['a named port', 'example.com:https'],
    ['a star as the port', 'example.com:*'],
    ['two ports', 'example.com:80:80'],
    ['a port alone', ':443'],
    ['IPv6 without brackets', '::1'],
    ['IPv6 without the closing bracket', '[::1'],
    ['IPv6 with a zone', '[fe80::1%25eth0]'],
    ['IPv4 in brackets', '[1.2.3.4]'],
    ['empty brackets', '[]'],
    ['IPv4 out of range', '256.1.1.1'],
    ['IPv4 of five parts', '1.2.3.4.5'],
  ])('refuses %s', (_, text) => {
    expect(normalizeHostPattern(text)).toBeNull();
  });
});

describe('parseHostPattern', () => {
  it.each([
    ['Example.com', { host: 'example.com', port: null, wildcard: false }],
    ['*.example.com:8443', { host: 'example.com', port: 8443, wildcard: true }],
    ['[::1]:1', { host: '[::1]', port: 1, wildcard: false }],
    ['https://example.com', null],
  ])('parses %j', (text, expected) => {
    expect(parseHostPattern(text)).toEqual(expected);
  });
});
