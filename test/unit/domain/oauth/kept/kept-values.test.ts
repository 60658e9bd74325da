// What comes with a grant: where it is read, which values are refused, and that a value changes nothing of a URL but its own place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillApiAddress } from '../../../../../lib/domain/oauth/api-address.ts';
import {
  joinKept,
  Keep,
  type KeepRules,
  type KeptValues,
  keepCallback,
  keepValues,
  NOTHING_KEPT,
} from '../../../../../lib/domain/oauth/kept/kept-values.ts';
import type { OutboundPolicy } from '../../../../../lib/domain/values/outbound-url.ts';

interface Given extends Partial<Omit<KeepRules, 'keeps'>> {
  keep?: Partial<Keep>;
  policy?: OutboundPolicy;
}

/** One value named v, as it is kept. */
const keepOne = (value: unknown, { keep, policy = 'public', ...rules }: Given = {}): KeptValues =>
  keepValues(
    { keeps: [{ name: 'v', from: 'token_reply', path: 'v', ...keep }], apiBaseUrl: null, apiHosts: [], ...rules },
    { from: 'token_reply', policy, read: (path) => (path === 'v' ? value : undefined) },
  );

const kept = (value: string): KeptValues => ({ ...NOTHING_KEPT, data: { v: value } });
const REFUSED: KeptValues = { ...NOTHING_KEPT, refused: ['v'] };

describe('a kept value', () => {
  it.each([
    ['text', 'T1', 'T1'],
    ['a number', 9130357, '9130357'],
    ['a large integer', 12345678901234567890n, '12345678901234567890'],
    ['a truth value', false, 'false'],
    ['an object', { url: 'u' }, '{"url":"u"}'],
    ['a list', ['a', 1], '["a",1]'],
  ])('that is %s is kept as text', (_, value, text) => {
    expect(keepOne(value)).toEqual(kept(text));
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['a number that JSON cannot hold exactly', 2 ** 60],
    ['too long', 'x'.repeat(1_025)],
  ])('that is %s is left out, and nothing refused', (_, value) => {
    expect(keepOne(value)).toEqual(NOTHING_KEPT);
  });

  it.each(['a\u0000b', 'a\nb', '\u007f', '\ud800'])('with %j is refused', (value) => {
    expect(keepOne(value)).toEqual(REFUSED);
  });

  it.each([
    ['A\u202ecme\u0000 Ltd\n', 'Acme Ltd'],
    ['x'.repeat(2_000), 'x'.repeat(256)],
    ['\ud800Ann', 'Ann'],
    ['\u200b', undefined],
  ])('for people is cleaned: %j', (value, text) => {
    for (const name of ['name', 'teamName', 'siteNames']) {
      const given = keepOne(value, { keep: { name } });
      expect(given).toEqual({ ...NOTHING_KEPT, data: text === undefined ? {} : { [name]: text } });
    }
  });

  it.each<[string, Given]>([
    ['of another name', { keep: { name: 'nameId' } }],
    ['with a pattern', { keep: { name: 'teamName', pattern: '[^]*' } }],
    ['that is secret', { keep: { name: 'teamName', secret: true } }],
    ['in the base URL', { keep: { name: 'teamName' }, apiBaseUrl: 'https://{teamName}.example.com' }],
    ['in a host', { keep: { name: 'teamName' }, apiHosts: ['{teamName}.example.com'] }],
  ])('%s is exact or refused', (_, given) => {
    expect(keepOne('a\nb', given).refused).toEqual([given.keep?.name]);
  });

  it('with a pattern is left out when it is too long to match in bounded time', () => {
    const keep = { pattern: 'x*', secret: true };
    expect(keepOne('x'.repeat(1_025), { keep })).toEqual(NOTHING_KEPT);
    expect(keepOne('x'.repeat(1_024), { keep }).secret.v).toHaveLength(1_024);
  });

  it('must match its pattern as a whole', () => {
    const keep = { pattern: '\\d{1,20}' };
    expect(keepOne('123', { keep })).toEqual(kept('123'));
    for (const value of ['123a', 'a123', '1 2', '../1']) expect(keepOne(value, { keep })).toEqual(REFUSED);
  });

  it('that is secret is kept apart', () => {
    const hook = 'https://hooks.example.com/services/T/B/x';
    expect(keepOne(hook, { keep: { secret: true } })).toEqual({ ...NOTHING_KEPT, secret: { v: hook } });
  });

  it('is read from its own source only', () => {
    expect(keepOne('T1', { keep: { from: 'identity' } })).toEqual(NOTHING_KEPT);
  });

  it('leaves out what no longer fits beside the others', () => {
    const keeps = ['a', 'b', 'c'].map((name): Keep => ({ name, from: 'token_reply', path: name }));
    const read = (path: string) => path.repeat(1_000);
    const { data } = keepValues(
      { keeps, apiBaseUrl: null, apiHosts: [] },
      { from: 'token_reply', policy: 'public', read },
    );
    expect(Object.keys(data)).toEqual(['a', 'b']);
  });

  it('has a name that is a plain word, so that it reaches no prototype', () => {
    for (const name of ['__proto__', '1a', 'a-b', '', 'a'.repeat(65)])
      expect(Keep.safeParse({ name, from: 'identity', path: 'x' }).success).toBe(false);
  });
});

describe('a value that the base URL begins with', () => {
  const given = { apiBaseUrl: '{v}/services/data' };

  it.each([
    ['https://na1.salesforce.com', 'https://na1.salesforce.com'],
    ['https://NA1.my.salesforce.com/', 'https://na1.my.salesforce.com'],
    ['https://acme.example.com:8443', 'https://acme.example.com:8443'],
  ])('may be the origin %s', (value, origin) => {
    expect(keepOne(value, given)).toEqual(kept(origin));
  });

  it.each([
    'https://10.0.0.1',
    'https://127.0.0.1',
    'https://localhost',
    'https://169.254.169.254',
    'https://[::1]',
    'https://0x7f.1',
    'https://metadata.internal',
    'https://intranet',
    'http://na1.salesforce.com',
    'ftp://na1.salesforce.com',
    'javascript:alert(1)',
    'na1.salesforce.com',
    '//na1.salesforce.com',
    'https://na1.salesforce.com/evil',
    'https://na1.salesforce.com//',
    'https://na1.salesforce.com?x',
    'https://na1.salesforce.com#x',
    'https://user@na1.salesforce.com',
    'https://na1.salesforce.com\\.evil.example',
    'https://na1.salesforce.com.',
    ' https://na1.salesforce.com',
  ])('is refused as %s', (value) => {
    expect(keepOne(value, given)).toEqual(REFUSED);
  });

  it('may be loopback in local mode only', () => {
    expect(keepOne('http://127.0.0.1:3000', { ...given, policy: 'local' })).toEqual(kept('http://127.0.0.1:3000'));
    expect(keepOne('http://127.0.0.1:3000', given)).toEqual(REFUSED);
    expect(keepOne('http://10.0.0.1:3000', { ...given, policy: 'local' })).toEqual(REFUSED);
  });

  it('must match its pattern, too', () => {
    const keep = { pattern: 'https://[a-z0-9-]+\\.salesforce\\.com' };
    expect(keepOne('https://evil.example.com', { ...given, keep })).toEqual(REFUSED);
  });
});

describe('a value within the base URL', () => {
  it.each([
    ['https://{v}/api', 'eu.example.com'],
    ['https://{v}.example.com/api', 'eu1'],
    ['https://api.example.com/company/{v}', '4620816365'],
    ['https://api.example.com/company/{v}/x', 'A_b-c.d~e'],
  ])('of %s may be %s', (apiBaseUrl, value) => {
    expect(keepOne(value, { apiBaseUrl })).toEqual(kept(value));
  });

  it.each([
    ['https://{v}/api', '127.0.0.1'],
    ['https://{v}/api', 'evil.example.com/x?'],
    ['https://{v}/api', 'user@example.com'],
    ['https://{v}/api', 'localhost'],
    ['https://{v}.example.com/api', 'evil.com/'],
    ['https://{v}.example.com/api', 'evil.com#'],
    ['https://{v}.example.com/api', 'a b'],
    ['https://api.example.com/company/{v}', '..'],
    ['https://api.example.com/company/{v}', '.'],
    ['https://api.example.com/company/{v}', '../admin'],
    ['https://api.example.com/company/{v}', 'a/b'],
    ['https://api.example.com/company/{v}', 'a?b'],
    ['https://api.example.com/company/{v}', 'a#b'],
    ['https://api.example.com/company/{v}', 'a%2fb'],
    ['https://api.example.com/company/{v}', 'a\\b'],
    ['https://api.example.com/company/{v}', 'é'],
  ])('of %s is refused as %s', (apiBaseUrl, value) => {
    expect(keepOne(value, { apiBaseUrl })).toEqual(REFUSED);
  });

  it('is refused in a host pattern that it would change', () => {
    const apiHosts = ['{v}.example.com'];
    expect(keepOne('eu', { apiHosts })).toEqual(kept('eu'));
    for (const value of ['*', 'a/b', '']) expect(keepOne(value, { apiHosts }).data).toEqual({});
  });

  it.each([
    ['api.{v}', 'evil.example:8080'],
    ['*.{v}', 'evil.example:8443'],
    ['*.{v}', 'svc.cluster.local'],
    ['*.{v}', 'eu-west-1.compute.internal'],
    ['10.0.0.{v}', '7'],
    ['{v}', '127.0.0.1'],
  ])('keeps the host pattern %s on public names without a port: not %s', (host, value) => {
    expect(keepOne(value, { apiHosts: [host] })).toEqual(REFUSED);
  });

  it.each([
    ['*.{v}', 'example.com', 'public'],
    ['{v}', '127.0.0.1:4000', 'local'],
  ] as const)('fills the host pattern %s with %s by the %s rules', (host, value, policy) => {
    expect(keepOne(value, { apiHosts: [host], policy })).toEqual(kept(value));
  });

  it('never moves the call to another host, whatever its text and even where a pattern allows it', () => {
    const apiBaseUrl = 'https://api.example.com/company/{v}/';
    const odd = fc.string({ unit: fc.constantFrom('a', '.', '/', '@', '\\', '?', '#', '%', ':', '2', 'e', '{', '}') });
    fc.assert(
      fc.property(odd, (value) => {
        const keeps: Keep[] = [{ name: 'v', from: 'token_reply', path: 'v', pattern: '[^]*' }];
        const { data } = keepOne(value, { apiBaseUrl, keep: { pattern: '[^]*' } });
        const address = fillApiAddress({ apiBaseUrl, apiHosts: [], templateVariables: {}, keeps }, data);
        if (address?.baseUrl) expect(new URL(address.baseUrl).host).toBe('api.example.com');
        if (address?.baseUrl) expect(new URL(address.baseUrl).pathname).toMatch(/^\/company\//);
      }),
    );
  });
});

describe('keepCallback', () => {
  const rules: KeepRules = {
    keeps: [{ name: 'company', from: 'callback', path: 'realmId', pattern: '\\d+' }],
    apiBaseUrl: null,
    apiHosts: [],
  };

  it('reads a parameter by its whole name', () => {
    expect(keepCallback(rules, { realmId: '7', state: 'x' }, 'public').data).toEqual({ company: '7' });
    expect(keepCallback(rules, { realmId: 'x' }, 'public').refused).toEqual(['company']);
    expect(keepCallback(rules, {}, 'public')).toEqual(NOTHING_KEPT);
    const dotted = { ...rules, keeps: [{ name: 'server', from: 'callback', path: 'accounts-server' } as const] };
    expect(keepCallback(dotted, { 'accounts-server': 'a' }, 'public').data).toEqual({ server: 'a' });
  });

  it('finds no inherited parameter', () => {
    const keeps: Keep[] = [{ name: 'x', from: 'callback', path: 'constructor' }];
    expect(keepCallback({ ...rules, keeps }, {}, 'public')).toEqual(NOTHING_KEPT);
  });
});

describe('joinKept', () => {
  it('has the later value of a name, and all that was refused', () => {
    const first = { data: { a: '1', b: '1' }, secret: { s: '1' }, refused: ['x'] };
    const second = { data: { b: '2' }, secret: {}, refused: ['y'] };
    expect(joinKept(first, second)).toEqual({ data: { a: '1', b: '2' }, secret: { s: '1' }, refused: ['x', 'y'] });
  });
});
