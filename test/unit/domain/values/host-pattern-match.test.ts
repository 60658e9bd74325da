// Which hosts match a host pattern.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findPatternDomain,
  findUrlDomain,
  matchesHost,
  normalizeHostPattern,
  parseHostPattern,
} from '../../../../lib/domain/values/host-pattern.ts';

describe('matchesHost', () => {
  it.each([
    ['example.com', 'https://example.com'],
    ['example.com', 'https://example.com/path?query#fragment'],
    ['example.com', 'https://example.com?next=https://user@other.com/'],
    ['example.com', 'http://example.com/'],
    ['example.com', 'https://example.com:443/'],
    ['example.com', 'http://example.com:80/'],
    ['example.com', 'HTTPS://EXAMPLE.COM/'],
    ['example.com', 'https://example.com./'],
    ['example.com.', 'https://example.com/'],
    ['example.com', 'https://ex%61mple.com/'],
    ['example.com', 'https://example.com/a@b\\c'],
    ['example.com:443', 'https://example.com/'],
    ['example.com:80', 'http://example.com/'],
    ['example.com:443', 'http://example.com:443/'],
    ['example.com:8443', 'https://example.com:8443/'],
    ['*.example.com', 'https://example.com/'],
    ['*.example.com', 'https://a.example.com/'],
    ['*.example.com', 'https://a.b.c.example.com./'],
    ['*.example.com:8443', 'https://a.example.com:8443/'],
    ['b\u00fccher.example', 'https://xn--bcher-kva.example/'],
    ['xn--bcher-kva.example', 'https://B\u00dcCHER.example/'],
    ['localhost', 'http://localhost/'],
    ['localhost:3000', 'http://localhost:3000/'],
    ['[::1]', 'http://[0:0:0:0:0:0:0:1]/'],
    ['[::1]:8080', 'http://[::1]:8080/'],
    ['127.0.0.1', 'http://2130706433/'],
    ['0x7f.1', 'http://127.0.0.1/'],
  ])('%j matches %j', (pattern, url) => {
    expect(matchesHost(pattern, url)).toBe(true);
  });

  it.each([
    ['example.com', 'https://a.example.com/'],
    ['example.com', 'https://notexample.com/'],
    ['example.com', 'https://example.com.evil.net/'],
    ['a.example.com', 'https://example.com/'],
    ['example.com', 'https://example.com:8443/'],
    ['example.com', 'https://example.com:80/'],
    ['example.com', 'http://example.com:443/'],
    ['example.com:8443', 'https://example.com/'],
    ['example.com:443', 'http://example.com/'],
    ['example.com:443', 'https://example.com:8443/'],
    ['*.example.com', 'https://notexample.com/'],
    ['*.example.com', 'https://a.notexample.com/'],
    ['*.example.com', 'https://a.example.com:8443/'],
    ['*.example.com', 'https://a..example.com/'],
    ['*.example.com', 'https://*.example.com/'],
    ['*.example.com', 'https://.example.com/'],
    ['example.com', 'https://example.com../'],
    ['example.com', 'https://user@example.com/'],
    ['example.com', 'https://user:pass@example.com/'],
    ['example.com', 'https://@example.com/'],
    ['example.com', 'https://example.com@evil.net/'],
    ['example.com', 'https://example.com\\@evil.net/'],
    ['example.com', 'https://example.com\\evil'],
    ['example.com', 'https:/example.com/'],
    ['example.com', 'https:///example.com/'],
    ['example.com', 'https:example.com'],
    ['example.com', ' https://example.com/'],
    ['example.com', 'https://exam\tple.com/'],
    ['example.com', 'https://example.com\n.evil.net/'],
    ['example.com', '//example.com/'],
    ['example.com', 'example.com'],
    ['example.com', 'wss://example.com/'],
    ['example.com', 'ws://example.com/'],
    ['example.com', 'ftp://example.com/'],
    ['example.com', 'file://example.com/'],
    ['example.com', 'javascript://example.com/%0a'],
    ['example.com', 'https://example.com:99999/'],
    ['example.com', 'https://'],
    ['example.com', ''],
    ['*.com', 'https://example.com/'],
    ['*', 'https://example.com/'],
    ['https://example.com', 'https://example.com/'],
    ['', 'https://example.com/'],
    ['127.0.0.1', 'http://[::ffff:127.0.0.1]/'],
    ['127.0.0.1', 'http://localhost/'],
    ['fass.de', 'https://fa\u00df.de/'],
  ])('%j does not match %j', (pattern, url) => {
    expect(matchesHost(pattern, url)).toBe(false);
  });
});

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const host = fc.oneof(
  fc
    .array(fc.oneof(label, fc.constantFrom('b\u00fccher', '\u4f8b', 'xn--bcher-kva')), { minLength: 1, maxLength: 4 })
    .map((labels) => labels.join('.')),
  fc.ipV4Extended(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const pattern = fc
  .tuple(fc.constantFrom('', '*.'), host, fc.constantFrom('', '.'), fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([star, name, dot, port]) => `${star}${name}${dot}${port === null ? '' : `:${port}`}`);

describe('a stored pattern', () => {
  it('is its own normal form and matches its own host', () => {
    let stored = 0;
    fc.assert(
      fc.property(pattern, (text) => {
        const normalized = normalizeHostPattern(text);
        if (normalized === null) return;
        stored++;
        expect(normalizeHostPattern(normalized)).toBe(normalized);
        expect(matchesHost(normalized, `https://${normalized.replace('*.', '')}`)).toBe(true);
        expect(matchesHost(text, `https://${normalized.replace('*.', '')}/`)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(stored).toBeGreaterThan(500);
  });

  it('never matches a host that does not end in its own', () => {
    fc.assert(
      fc.property(pattern, pattern, (text, other) => {
        const parsed = parseHostPattern(text);
        const url = `https://${other.replace('*.', '')}/`;
        if (parsed === null || !matchesHost(text, url)) return;
        expect(`.${new URL(url).hostname.replace(/\.$/, '')}`.endsWith(`.${parsed.host}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the domain of a URL', () => {
  it.each([
    ['https://a.b.example.com/v1', 'example.com'],
    ['https://EXAMPLE.com.:8443/', 'example.com'],
    ['http://localhost:3000/', 'localhost'],
    ['http://192.0.2.7/', '2.7'],
    ['http://[2001:DB8::1]/', '[2001:db8::1]'],
    ['https://user@example.com/', null],
    ['mailto:a@example.com', null],
    ['', null],
  ])('of %s is %s', (url, domain) => {
    expect(findUrlDomain(url)).toBe(domain);
  });

  it('is that of every pattern that matches the URL', () => {
    const label = fc.constantFrom('a', 'b', 'com', 'example', '7', 'localhost');
    const host = fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
      fc.constantFrom('192.0.2.7', '0.2.7', '2.7', '[::1]'),
    );
    const pattern = fc
      .tuple(fc.constantFrom('', '*.'), host, fc.constantFrom('', ':8443'))
      .map((parts) => parts.join(''));
    const url = fc.tuple(host, fc.constantFrom('', ':8443')).map((parts) => `https://${parts.join('')}/`);
    let matches = 0;
    fc.assert(
      fc.property(pattern, url, (wanted, target) => {
        if (!matchesHost(wanted, target)) return;
        matches++;
        expect(findPatternDomain(wanted)).toBe(findUrlDomain(target));
      }),
      { numRuns: 5_000 },
    );
    expect(matches).toBeGreaterThan(10);
  });
});
