// Return and callback URLs against the allow lists (O8): every trick applied to every base URL, and the URLs to accept.
import { describe, expect, it } from 'vitest';
import {
  isAllowedCallbackUrl,
  isAllowedReturnUrl,
  isConnectPage,
  type RedirectPolicy,
} from '../../../../lib/domain/oauth/redirect-url.ts';
import { printFigure } from '../../../support/run/figure.ts';

const ORIGINS = [
  'https://app.example.com',
  'https://app.example.com:8443',
  'https://xn--bcher-kva.example',
  'http://localhost:3000',
  'http://127.0.0.1:5173',
  'http://[::1]:8080',
];
const EVIL = 'evil.example';

/** Each turns an allowed URL (its origin, and the rest) into one that must be refused. */
const TRICKS: Record<string, (origin: string, rest: string) => string> = {
  'another host': (_origin, rest) => `https://${EVIL}${rest}`,
  'userinfo before the host': (origin, rest) => origin.replace('://', `://${EVIL}@`) + rest,
  'the host as userinfo': (origin, rest) => `${origin}@${EVIL}${rest}`,
  'the host as name and password': (origin, rest) => `${origin}:x@${EVIL}${rest}`,
  'empty userinfo': (origin, rest) => origin.replace('://', '://@') + rest,
  'empty name and password': (origin, rest) => origin.replace('://', '://:@') + rest,
  'an encoded slash and userinfo': (origin, rest) => `${origin}%2f@${EVIL}${rest}`,
  'an encoded slash after the host': (origin, rest) => `${origin}%2f.${EVIL}${rest}`,
  'a backslash and userinfo': (origin, rest) => `${origin}\\@${EVIL}${rest}`,
  'a backslash for a slash': (origin, rest) => `${origin}\\${EVIL}${rest}`,
  'backslashes for the slashes': (origin, rest) => origin.replace('://', ':\\\\') + rest,
  'one slash': (origin, rest) => origin.replace('://', ':/') + rest,
  'no slash': (origin, rest) => origin.replace('://', ':') + rest,
  'three slashes': (origin, rest) => origin.replace('://', ':///') + rest,
  'no scheme': (origin, rest) => origin.replace(/^https?:/, '') + rest,
  'no scheme, another host': (_origin, rest) => `//${EVIL}${rest}`,
  'another host behind a double slash': (origin, rest) => `${origin}//${EVIL}${rest}`,
  'another host behind an encoded slash': (origin, rest) => `${origin}/%2f${EVIL}${rest}`,
  'another host behind an encoded backslash': (origin, rest) => `${origin}/%5C${EVIL}${rest}`,
  'a suffix to the host': (origin, rest) => `${origin}.${EVIL}${rest}`,
  'a letter more': (origin, rest) => `${origin}x${rest}`,
  'a subdomain': (origin, rest) => origin.replace('://', '://sub.') + rest,
  'a prefix to the host': (origin, rest) => origin.replace('://', '://x-') + rest,
  'another port': (origin, rest) => `${origin.replace(/:\d+$/, '')}:444${rest}`,
  'the default port spelled out': (origin, rest) => `${origin.replace(/:\d+$/, '')}:443${rest}`,
  'an empty port': (origin, rest) => `${origin.replace(/:\d+$/, '')}:${rest}`,
  'a padded port': (origin, rest) => `${origin.replace(/:\d+$/, '')}:08443${rest}`,
  'another scheme': (origin, rest) => origin.replace(/^https?/, 'ftp') + rest,
  'a socket scheme': (origin, rest) => origin.replace(/^http/, 'ws') + rest,
  'a blob': (origin, rest) => `blob:${origin}${rest}`,
  'view-source': (origin, rest) => `view-source:${origin}${rest}`,
  'a script': (origin, rest) => `javascript:location='${origin}${rest}'`,
  'a script in a comment': (origin, rest) => `javascript:${origin.slice(origin.indexOf('//'))}${rest}%0aalert(1)`,
  'a document': (origin, rest) => `data:text/html,${origin}${rest}`,
  'an upper-case scheme': (origin, rest) => origin.replace(/^https?/, (scheme) => scheme.toUpperCase()) + rest,
  'a fragment': (origin, rest) => `${origin}${rest}#part`,
  'an empty fragment': (origin, rest) => `${origin}${rest}#`,
  'a fragment before the path': (origin, rest) => `${origin}#@${EVIL}${rest}`,
  'a space in front': (origin, rest) => ` ${origin}${rest}`,
  'a space at the end': (origin, rest) => `${origin}${rest} `,
  'a tab in the scheme': (origin, rest) => `ht\ttp${origin.slice(4)}${rest}`,
  'a line feed in the host': (origin, rest) => origin.replace('://', '://\n') + rest,
  'a line break at the end': (origin, rest) => `${origin}${rest}\r\nset-cookie: a=b`,
  'an encoded line break': (origin, rest) => `${origin}/%0d%0aset-cookie:a=b${rest}`,
  'a NUL': (origin, rest) => `${origin}${rest}\0`,
  'an encoded NUL': (origin, rest) => `${origin}/%00${rest}`,
  'an encoded NUL after the host': (origin, rest) => `${origin}%00.${EVIL}${rest}`,
  'a DEL': (origin, rest) => `${origin}${rest}\x7f`,
  'a C1 control': (origin, rest) => `${origin}${rest}\x85`,
  'a soft hyphen': (origin, rest) => origin.replace('://', '://\u00ad') + rest,
  'a zero width space': (origin, rest) => origin.replace('://', '://\u200b') + rest,
  'a full-width slash': (origin, rest) => `${origin}\uff0f${EVIL}${rest}`,
  'a full-width dot': (origin, rest) => `${origin}\u3002${EVIL}${rest}`,
  'a full-width colon': (origin, rest) => origin.replace(':', '\uff1a') + rest,
  'a letter that looks alike': (origin, rest) =>
    origin.replace(/[aeo1]/, (letter) => ({ a: 'а', e: 'е', o: 'о', 1: '１' })[letter] ?? '') + rest,
  'an encoded letter in the host': (origin, rest) =>
    origin.replace(/:\/\/./, (at) => `://%${at.charCodeAt(3).toString(16)}`) + rest,
  'a trailing dot': (origin, rest) => origin.replace(/(:\d+)?$/, '.$1') + rest,
  'two trailing dots': (origin, rest) => origin.replace(/(:\d+)?$/, '..$1') + rest,
  'a dot segment': (origin, rest) => `${origin}/a/..${rest}/../x`,
  'an encoded dot segment': (origin, rest) => `${origin}/%2e%2e${rest}`,
  'a quote': (origin, rest) => `${origin}/"><script>${rest}`,
  'eight kilobytes': (origin, rest) => `${origin}${rest}/${'a'.repeat(8192)}`,
  'no authority at all': (_origin, rest) => rest,
  'an unclosed bracket': (origin, rest) => origin.replace('://', '://[') + rest,
};

const RESTS = ['/', '/done', '/a/b?x=1&y=2'];

const bad = ORIGINS.flatMap((origin) =>
  RESTS.flatMap((rest) => Object.entries(TRICKS).map(([trick, make]) => ({ trick, url: make(origin, rest) }))),
);

const odd = [
  '',
  'null',
  'https://',
  'about:blank',
  'https://2130706433/',
  'http://0x7f.1:5173/',
  'http://127.1:5173/',
  'http://[0:0:0:0:0:0:0:1]:8080/',
  'http://app.example.com/',
  'https://APP.EXAMPLE.COM/',
  'https://bücher.example/',
  'http://LOCALHOST:3000/',
];

const GOOD_RESTS = [
  '',
  '/',
  '/done',
  '/a/b/c',
  '/a?x=1',
  '?x=1',
  '/a?next=%2Fhome%2Fme',
  '/a?url=https://other.example/path',
  '/%E2%9C%93/ok',
  '/@me/settings;v=1',
  '/index.html?a=b&a=c&empty=',
  '/~user/-_.!$&()*+,=:',
];
const good = ORIGINS.flatMap((origin) => GOOD_RESTS.map((rest) => `${origin}${rest}`));

/** None has the path /connected as the URL parser writes it. */
const PATH_TRICKS = [
  '',
  '/',
  '/connected/',
  '/connected-evil',
  '/connectedx',
  '/connected.html',
  '/connected;x=1',
  '/connected/x',
  '/connected/../x',
  '/connected/%2e%2e/x',
  '/x/../connected',
  '/x/%2E%2e/connected',
  '/./connected',
  '/%2e/connected',
  '//connected',
  '/connected//',
  '/%2Fconnected',
  '/connected%2F',
  '/connected%2f..%2fx',
  '/connected%5c..%5cx',
  '/connected\\..\\x',
  '/connected%00',
  '/connected%20',
  '/c%6Fnnected',
  '/Connected',
  '/CONNECTED',
  '/connected#',
  '/connected#x',
  '/connected ',
  '/connec',
];

describe('the corpus', () => {
  it('has at least its expected size', () => {
    const refused = new Set([...bad.map(({ url }) => url), ...odd]);
    const accepted = new Set(good);
    printFigure('URL corpus', { refused: refused.size, accepted: accepted.size });
    expect(refused.size).toBeGreaterThanOrEqual(500);
    expect(accepted.size).toBeGreaterThanOrEqual(50);
  });
});

const policy = (allowedReturnUrls: readonly string[], given: Partial<RedirectPolicy> = {}): RedirectPolicy => ({
  publicBaseUrl: 'https://keyhold.example',
  allowedReturnUrls,
  allowsOwnPaths: false,
  allowedCallbackUrls: [],
  ...given,
});

const withoutQuery = (rest: string) => rest.replace(/\?.*/, '');
/** Every path that any test uses, at every origin. */
const ENTRIES = ORIGINS.flatMap((origin) => [...RESTS, ...GOOD_RESTS].map((rest) => origin + withoutQuery(rest)));

describe('isAllowedReturnUrl', () => {
  it.each(Object.keys(TRICKS))('refuses %s, on every base', (name) => {
    const urls = bad.filter(({ trick }) => trick === name).map(({ url }) => url);
    expect(urls.filter((url) => isAllowedReturnUrl(url, policy(ENTRIES)))).toEqual([]);
  });

  it.each(odd)('refuses %j', (url) => {
    expect(isAllowedReturnUrl(url, policy(ENTRIES))).toBe(false);
  });

  it.each(good)('allows %s', (url) => {
    expect(isAllowedReturnUrl(url, policy(ENTRIES))).toBe(true);
  });

  it.each(good.slice(0, 12))('refuses with an empty list: %s', (url) => {
    expect(isAllowedReturnUrl(url, policy([]))).toBe(false);
  });

  it.each(PATH_TRICKS)('compares paths exactly: /connected does not allow %s', (rest) => {
    const allowed = policy(['https://app.example.com/connected']);
    expect(isAllowedReturnUrl(`https://app.example.com${rest}`, allowed)).toBe(false);
  });

  it.each(PATH_TRICKS)('refuses %s at the service’s own origin, where /connect is allowed', (rest) => {
    const url = `https://keyhold.example${rest.replace('connected', 'connect')}`;
    expect(isAllowedReturnUrl(url, policy([]))).toBe(false);
  });

  it('takes an origin without a path and the path / for the same', () => {
    const urls = ['https://a.example', 'https://a.example/', 'https://a.example?x=1', 'https://a.example/?x=1'];
    for (const entry of ['https://a.example', 'https://a.example/'])
      expect(urls.filter((url) => !isAllowedReturnUrl(url, policy([entry])))).toEqual([]);
  });

  it('keeps a trailing slash apart', () => {
    expect(isAllowedReturnUrl('https://a.example/done', policy(['https://a.example/done/']))).toBe(false);
    expect(isAllowedReturnUrl('https://a.example/done/', policy(['https://a.example/done/']))).toBe(true);
  });

  it.each([
    '?state=x',
    '?receipt=x',
    '?error=x',
    '?a=b&state',
    '?a=b&state=',
    '?%73tate=x',
    '?st%61te=x',
    '?a=b;receipt=x',
    '?&&error=1',
    '?a=1&a=2&state=3',
  ])('refuses a query that names what the callback adds: %s', (query) => {
    expect(isAllowedReturnUrl(`https://app.example.com/done${query}`, policy(ENTRIES))).toBe(false);
  });

  it.each(['?states=x', '?State=x', '?my.state=x', '?a=state', '?a=error%3D1', '?a=%26state=1'])(
    'allows any other query: %s',
    (query) => {
      expect(isAllowedReturnUrl(`https://app.example.com/done${query}`, policy(ENTRIES))).toBe(true);
    },
  );

  it('accepts 2,048 characters and refuses 2,049', () => {
    const longest = `https://app.example.com/done?${'a'.repeat(2019)}`;
    expect(longest).toHaveLength(2048);
    expect([longest, `${longest}a`].map((url) => isAllowedReturnUrl(url, policy(ENTRIES)))).toEqual([true, false]);
  });

  it.each([
    'http://app.example.com/',
    'ftp://app.example.com/',
    'null',
    '*',
    'https://app.example.com/?a=b',
    'https://app.example.com/?',
    'https://user@app.example.com/',
    'https://APP.example.com/',
    'https://app.example.com/#',
  ])('ignores an entry that is not a safe URL without a query: %s', (entry) => {
    const urls = ['http://app.example.com/', 'ftp://app.example.com/', 'https://app.example.com/', entry];
    const allowed = urls.filter((url) => isAllowedReturnUrl(url, policy([entry])));
    expect(allowed).toEqual([]);
  });

  it.each(['https://*.example.com/', 'https://app.example.com/*'])('takes no entry for a pattern: %s', (entry) => {
    const urls = ['https://app.example.com/', 'https://app.example.com/x', 'https://x.example.com/'];
    expect(urls.filter((url) => isAllowedReturnUrl(url, policy([entry])))).toEqual([]);
  });

  it.each([
    ['https://keyhold.example', 'https://keyhold.example/connect'],
    ['https://keyhold.example/stage', 'https://keyhold.example/stage/connect'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/connect?a=b'],
  ])('always allows the connect page of %s', (publicBaseUrl, url) => {
    expect(isAllowedReturnUrl(url, policy([], { publicBaseUrl }))).toBe(true);
  });

  it('allows every path of the own loopback address in local mode, and only there', () => {
    const local = policy([], { publicBaseUrl: 'http://127.0.0.1:3000', allowsOwnPaths: true });
    const urls = ['http://127.0.0.1:3000/_local/demo', 'http://127.0.0.1:3000/', 'http://127.0.0.1:3000'];
    const others = ['http://127.0.0.1:3001/', 'http://localhost:3000/', 'http://127.0.0.1:3000/?state=x'];
    expect([...urls, ...others].filter((url) => isAllowedReturnUrl(url, local))).toEqual(urls);
    expect(urls.filter((url) => isAllowedReturnUrl(url, { ...local, allowsOwnPaths: false }))).toEqual([]);
    const cloud = { ...local, publicBaseUrl: 'https://keyhold.example' };
    expect(isAllowedReturnUrl('https://keyhold.example/other', cloud)).toBe(false);
  });
});

describe('isAllowedCallbackUrl', () => {
  const allowed = ['https://app.example.com/oauth/callback', 'http://127.0.0.1:5173/cb?tab=1', 'https://b.example'];

  it.each(allowed)('allows exactly the entry: %s', (url) => {
    expect(isAllowedCallbackUrl(url, allowed)).toBe(true);
  });

  it.each(Object.keys(TRICKS))('refuses %s, even when the list contains it', (name) => {
    const urls = bad.filter(({ trick }) => trick === name).map(({ url }) => url);
    const whole = urls.filter((url) => isAllowedCallbackUrl(url, allowed));
    const listed = urls.filter((url) => isAllowedCallbackUrl(url, urls));
    expect([whole, listed.filter((url) => /[#\\@]|[^!-~]/.test(url))]).toEqual([[], []]);
  });

  it.each([
    'https://app.example.com/oauth/callback/',
    'https://app.example.com/oauth/callback?x=1',
    'https://app.example.com/oauth/Callback',
    'https://app.example.com/oauth',
    'https://app.example.com/oauth/callback/../callback',
    'https://app.example.com:443/oauth/callback',
    'http://127.0.0.1:5174/cb?tab=1',
    'http://127.0.0.1:5173/cb',
    'http://127.0.0.1:5173/cb?tab=1&tab=2',
    'https://b.example/',
  ])('refuses a URL with one difference: %s', (url) => {
    expect(isAllowedCallbackUrl(url, allowed)).toBe(false);
  });

  it.each([
    'https://user@app.example.com/cb',
    'https://user:pass@app.example.com/cb',
    'https://:pass@app.example.com/cb',
    'ftp://127.0.0.1/cb',
    'https://app.example.com/cb#part',
    'http://app.example.com/cb',
    'com.example.app://callback',
    'javascript:alert(1)',
    'https://App.example.com/cb',
    'https://app.example.com./cb',
  ])('refuses an entry that is not a safe URL: %s', (url) => {
    expect(isAllowedCallbackUrl(url, [url])).toBe(false);
  });
});

describe('isConnectPage', () => {
  const policy = (publicBaseUrl: string): RedirectPolicy => ({
    publicBaseUrl,
    allowedReturnUrls: ['https://app.example/done'],
    allowsOwnPaths: true,
    allowedCallbackUrls: [],
  });

  it.each([
    ['https://keys.example/connect', true],
    ['https://keys.example/connect?state=1', true],
    ['https://keys.example/connect/', false],
    ['https://keys.example/', false],
    ['https://other.example/connect', false],
    ['https://app.example/done', false],
    ['https://keys.example/connect#part', false],
    ['https://Keys.example/connect', false],
    ['no URL', false],
    ['', false],
  ])('judges %j: %s', (url, expected) => {
    expect(isConnectPage(url, policy('https://keys.example'))).toBe(expected);
  });

  it('is no page where the base URL is none', () => {
    expect(isConnectPage('no URL', policy('no URL'))).toBe(false);
    expect(isConnectPage('https://keys.example/connect', policy('no URL'))).toBe(false);
  });
});

describe('a return URL with an encoded control character', () => {
  const list = { publicBaseUrl: 'https://keys.example', allowsOwnPaths: false, allowedCallbackUrls: [] };

  it.each(['%00', '%09', '%0a', '%0F', '%10', '%1f', '%1F', '%7f', '%7F'])('is refused: %s', (part) => {
    const url = `https://app.example/done?a=${part}`;
    expect(isAllowedReturnUrl(url, { ...list, allowedReturnUrls: ['https://app.example/done'] })).toBe(false);
  });

  it.each(['%20', '%41', '%1G', '%ff'])('is allowed with another: %s', (part) => {
    const url = `https://app.example/done?a=${part}`;
    expect(isAllowedReturnUrl(url, { ...list, allowedReturnUrls: ['https://app.example/done'] })).toBe(true);
  });
});
