// The function of the connect page: the same document for everybody, and its settings.
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../../functions/connect-page.ts';
import { readPageConfig } from '../../../lib/page-config.ts';

const ask = (accepted?: string) => handler({ headers: accepted === undefined ? {} : { 'accept-encoding': accepted } });

describe('the function of the connect page', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('answers the page under a policy that allows nothing from elsewhere', async () => {
    const { statusCode, headers, body } = await ask();
    expect([statusCode, headers?.['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers?.['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; /);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect(body).toContain('<title>Connect an account · Keyhold</title>');
  });

  it.each(['gzip', 'br, gzip', 'gzip;q=0.8, *;q=0.1', 'GZIP'])(
    'zips it for a browser that accepts %s',
    async (accepted) => {
      const [plain, zipped] = [await ask(), await ask(accepted)];
      expect(zipped).toMatchObject({
        isBase64Encoded: true,
        headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' },
      });
      expect(gunzipSync(Buffer.from(zipped.body ?? '', 'base64')).toString()).toBe(plain.body);
    },
  );

  it.each([undefined, '', 'br', 'gzip;q=0', 'gzip; q=0.0, br', 'xgzip'])('does not zip it for %s', async (accepted) => {
    expect((await ask(accepted)).isBase64Encoded).toBeUndefined();
  });

  describe('gives the browser its cookie', () => {
    const DOCUMENT = { 'sec-fetch-dest': 'document' };
    const COOKIE = /^__Host-keyhold-link=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/;

    it('when it opens the page without one, and each browser its own', async () => {
      const [first, second] = [await handler({ headers: DOCUMENT }), await handler({ headers: DOCUMENT, cookies: [] })];
      expect([first.cookies, second.cookies]).toEqual(Array(2).fill([expect.stringMatching(COOKIE)]));
      expect(first.cookies).not.toEqual(second.cookies);
    });

    it('under the name that a local server has', async () => {
      vi.stubEnv('PUBLIC_BASE_URL', 'http://127.0.0.1:3000');
      vi.resetModules();
      const local = await import('../../../functions/connect-page.ts');
      const { cookies } = await local.handler({ headers: DOCUMENT });
      expect(cookies).toEqual([expect.stringMatching(/^keyhold-link=[\w-]{43}; Path=\/; [^,]*SameSite=Lax$/)]);
    });

    it('and never another one', async () => {
      const { cookies = [] } = await handler({ headers: DOCUMENT });
      const [cookie = ''] = cookies[0]?.split(';') ?? [];
      expect((await handler({ headers: DOCUMENT, cookies: ['a=b', cookie] })).cookies).toBeUndefined();
    });

    it.each([undefined, 'image', 'iframe', 'empty', 'script'])('not to a request for %s', async (dest) => {
      const headers = dest === undefined ? {} : { 'sec-fetch-dest': dest };
      expect((await handler({ headers })).cookies).toBeUndefined();
    });
  });

  it('does not start with a malformed setting, and names it without its value', async () => {
    vi.stubEnv('CONNECT_PAGE_ACCENT', 'red;}body{}');
    vi.resetModules();
    await expect(import('../../../functions/connect-page.ts')).rejects.toThrow(
      /^missing or malformed setting: CONNECT_PAGE_ACCENT$/,
    );
  });
});

describe('the settings of the page', () => {
  it('have defaults', () => {
    expect(readPageConfig({ CONNECT_PAGE_NAME: '' })).toEqual({
      ...{ CONNECT_PAGE_NAME: 'Keyhold', CONNECT_PAGE_ACCENT: undefined, PUBLIC_BASE_URL: 'https://localhost' },
    });
  });

  it.each(['Acme', 'Ärzte & Söhne <1>', '東京', 'x'.repeat(60)])('take the name %s', (name) => {
    expect(readPageConfig({ CONNECT_PAGE_NAME: name }).CONNECT_PAGE_NAME).toBe(name);
  });

  it.each([
    ['CONNECT_PAGE_NAME', 'x'.repeat(61)],
    ['CONNECT_PAGE_NAME', 'a\nb'],
    ['CONNECT_PAGE_NAME', 'a\u202eb'],
    ['CONNECT_PAGE_NAME', ' a'],
    ['CONNECT_PAGE_ACCENT', '#fff'],
    ['CONNECT_PAGE_ACCENT', 'red'],
  ])('refuse %s=%j', (name, value) => {
    expect(() => readPageConfig({ [name]: value })).toThrow(`missing or malformed setting: ${name}`);
  });
});
