// Where keys and tokens may be sent: every spelling of a host that a parser could read in two ways is refused.
import { describe, expect, it } from 'vitest';
import {
  type ApiAddress,
  type ApiTemplate,
  fillApiAddress,
  isApiBaseUrl,
  isApiHost,
  isApiUrl,
} from '../../../../lib/domain/oauth/api-address.ts';

const address = (given: Partial<ApiAddress>): ApiAddress => ({ baseUrl: null, hosts: [], ...given });
const BASE = address({ baseUrl: 'https://api.example.com/v1' });
const HOST = address({ hosts: ['api.example.com'] });

describe('isApiUrl', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/',
    'https://api.example.com/v1/models?x=1',
    'https://api.example.com/other',
    'https://api.example.com:443/v1',
    'https://API.Example.com/v1',
    'HTTPS://api.example.com/v1',
    'https://api.example.com./v1',
    'https://api.example.com?x=1',
    'https://api.example.com:/@evil.example:x',
    'https://api.example.com/?next=https://user@evil.example/',
  ])('allows %s at the host and at the base URL', (url) => {
    expect([isApiUrl(BASE, url), isApiUrl(HOST, url)]).toEqual([true, true]);
  });

  it.each([
    'http://api.example.com/v1',
    'https://api.example.com:8443/v1',
    'https://evil.example/v1',
    'https://api.example.com.evil.example/',
    'https://evil.example/api.example.com',
    'https://evil.example?api.example.com',
    'https://evil.example#api.example.com',
    'https://x.api.example.com/',
    'https://xapi.example.com/',
    'https://example.com/',
    'https://user@api.example.com/',
    'https://user:word@api.example.com/',
    'https://@api.example.com/',
    'https://api.example.com@evil.example/',
    'https://api.example.com:443@evil.example/',
    'https://api.example.com\\@evil.example/',
    'https://evil.example\\@api.example.com/',
    'https:\\\\api.example.com/',
    'https:/api.example.com/',
    'https:api.example.com/',
    'https:///api.example.com/',
    '//api.example.com/',
    'https://api.example.com%2f.evil.example/',
    'https://api%2eexample%2ecom/',
    'https://%61pi.example.com/',
    'https://api.example.com%00.evil.example/',
    'https://api.example.com..',
    'https://api。example。com/',
    'https://ａpi.example.com/',
    'https://аpi.example.com/',
    'https://xn--pi-7kc.example.com/',
    'https://api\u00ad.example.com/',
    ' https://api.example.com/',
    'https://api.example.com\t/',
    'ht\ttps://api.example.com/',
    'https://api.example.com\n.evil.example/',
    'ftp://api.example.com/',
    'wss://api.example.com/',
    'javascript://api.example.com/%0aalert(1)',
    'https://[::1]/',
    'https://[api.example.com]/',
    'https://api.example.com:99999/',
    '',
  ])('refuses %j at both', (url) => {
    expect([isApiUrl(BASE, url), isApiUrl(HOST, url)]).toEqual([false, false]);
  });

  it('allows the hosts and the origin of the base URL together', () => {
    const both = address({ baseUrl: 'https://api.example.com', hosts: ['*.example.net', 'upload.example.com'] });
    const urls = ['https://api.example.com/', 'https://upload.example.com/', 'https://a.b.example.net/'];
    expect(urls.filter((url) => !isApiUrl(both, url))).toEqual([]);
    expect(isApiUrl(both, 'https://other.example.com/')).toBe(false);
  });

  it('allows nothing when nothing could be filled', () => {
    expect(isApiUrl(address({}), 'https://api.example.com/')).toBe(false);
  });

  it.each([
    ['a base URL on loopback', address({ baseUrl: 'http://127.0.0.1:4000/v1' }), 'http://127.0.0.1:4000/x', true],
    ['another loopback port', address({ baseUrl: 'http://127.0.0.1:4000/v1' }), 'http://127.0.0.1:4001/x', false],
    ['another scheme', address({ baseUrl: 'http://127.0.0.1:4000/v1' }), 'https://127.0.0.1:4000/x', false],
    ['an IPv6 host', address({ hosts: ['[::1]:4000'] }), 'http://[::1]:4000/x', true],
    ['another spelling of it', address({ hosts: ['[0:0:0:0:0:0:0:1]:4000'] }), 'http://[::1]:4000/x', true],
    ['http to a loopback host', address({ hosts: ['localhost'] }), 'http://localhost/x', true],
    ['http to a port that the pattern names', address({ hosts: ['p.example.com:80'] }), 'http://p.example.com/', true],
    ['https to that port', address({ hosts: ['p.example.com:80'] }), 'https://p.example.com:80/', true],
    ['https to another port', address({ hosts: ['p.example.com:80'] }), 'https://p.example.com/', false],
    ['http to the port of https', address({ hosts: ['p.example.com:443'] }), 'http://p.example.com:443/', false],
    ['https to its own port', address({ hosts: ['p.example.com:443'] }), 'https://p.example.com/', true],
    ['http below a wildcard', address({ hosts: ['*.example.com'] }), 'http://a.example.com/', false],
    ['a name in punycode', address({ hosts: ['bücher.example'] }), 'https://xn--bcher-kva.example/', true],
  ])('decides about %s', (_, given, url, expected) => {
    expect(isApiUrl(given, url)).toBe(expected);
  });
});

describe('fillApiAddress', () => {
  const template = (given: Partial<ApiTemplate> = {}): ApiTemplate => ({
    apiBaseUrl: 'https://{shop}.example.com/admin',
    apiHosts: ['{shop}.example.net', 'static.example.com'],
    templateVariables: { shop: { pattern: '[a-z]+' } },
    keeps: [],
    ...given,
  });

  it('fills base URL and hosts from the variables', () => {
    expect(fillApiAddress(template(), { shop: 'one' })).toEqual({
      baseUrl: 'https://one.example.com/admin',
      hosts: ['one.example.net', 'static.example.com'],
    });
  });

  it('uses the default of a variable', () => {
    const templateVariables = { shop: { pattern: '[a-z]+', default: 'main' } };
    expect(fillApiAddress(template({ templateVariables }), {})?.baseUrl).toBe('https://main.example.com/admin');
  });

  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['does not match', { shop: 'evil.example/' }],
    ['matches only at its start', { shop: 'one\nx' }],
    ['is too long', { shop: 'a'.repeat(254) }],
    ['has another name', { other: 'one' }],
  ])('leaves out what needs a variable that %s', (_, variables) => {
    expect(fillApiAddress(template(), variables)).toEqual({ baseUrl: null, hosts: ['static.example.com'] });
  });

  it('never fills a placeholder without a variable of the record', () => {
    const apiBaseUrl = 'https://{constructor}.example.com';
    expect(fillApiAddress(template({ apiBaseUrl }), { constructor: 'x' } as never)?.baseUrl).toBeNull();
  });

  it.each(['user@evil.example/', 'evil.example/?', 'evil.example/#', 'evil.example\\'])(
    'leaves out a base URL that a weak pattern lets change its host: %s',
    (shop) => {
      const weak = template({ templateVariables: { shop: { pattern: '.*' } } });
      expect(fillApiAddress(weak, { shop })?.baseUrl).toBeNull();
    },
  );

  it('is null when the record names neither', () => {
    expect(fillApiAddress(template({ apiBaseUrl: null, apiHosts: [] }), {})).toBeNull();
  });
});

describe('isApiBaseUrl', () => {
  it.each(['https://a.example', 'https://a.example/v1', 'https://{shop}.a.example/{x}', 'http://127.0.0.1:3000'])(
    'accepts %s',
    (text) => {
      expect(isApiBaseUrl(text)).toBe(true);
    },
  );

  it.each([
    'a.example',
    'https://u@a.example',
    'https://a.example?x',
    'https://a.example/#',
    'https://a b',
    '',
    'ftp://a',
  ])('refuses %j', (text) => {
    expect(isApiBaseUrl(text)).toBe(false);
  });
});

describe('isApiHost', () => {
  it.each(['a.example', '*.a.example', '{shop}.a.example', 'a.example:8443', '[::1]:80'])('accepts %s', (text) => {
    expect(isApiHost(text)).toBe(true);
  });

  it.each(['*', '*.com', 'https://a.example', 'a.example/', 'u@a.example', 'a..b', 'a.*.example', ''])(
    'refuses %j',
    (text) => {
      expect(isApiHost(text)).toBe(false);
    },
  );
});
