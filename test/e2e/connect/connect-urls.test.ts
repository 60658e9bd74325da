// Where a browser may be sent at the end of a connection: return URLs by origin and path, callback URLs as whole strings.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { makeConnector, PLANES, refusal, startConnecting } from '../../support/providers/connect-flow.ts';

const ORIGIN = 'https://app.example.com';
const LOOPBACK = 'http://127.0.0.1:7777';
const CALLBACK = `${ORIGIN}/oauth/back?via=keyhold`;
const REFUSED = [400, 'url_not_allowed'];

let keyhold: Keyhold;
let closed: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting(
    {},
    {
      ALLOWED_RETURN_URLS: `${ORIGIN}, ${ORIGIN}/a/b, ${LOOPBACK}/done`,
      ALLOWED_CALLBACK_URLS: `${CALLBACK}, ${LOOPBACK}/back`,
    },
  );
  closed = await startConnecting();
});
afterAll(() => Promise.all([keyhold.stop(), closed.stop()]));

let strangers = 0;
/** On both planes. */
const stranger = () => makeConnector(keyhold, PLANES[++strangers % 2] ?? 'user', `stranger-${strangers}`);
const start = async (body: object, user = stranger()) => refusal(await user.start({ provider: 'demo', ...body }));
const openState = (callbackUrl: string) =>
  keyhold.worker.call('POST', `/v1/users/stranger-${++strangers}/oauth-states`, {
    provider: 'demo',
    scopes: [],
    callbackUrl,
  });

const TRICKS: [what: string, url: (origin: string) => string][] = [
  ['another origin', () => 'https://evil.example.com/'],
  ['a sub-domain', () => 'https://evil.app.example.com/'],
  ['a longer name', () => 'https://app.example.com.evil.example/'],
  ['http', () => 'http://app.example.com/'],
  ['another port', () => 'https://app.example.com:8443/'],
  ['the default port', () => 'https://app.example.com:443/'],
  ['another loopback port', () => 'http://127.0.0.1:7778/'],
  ['another spelling of loopback', () => 'http://127.1:7777/'],
  ['userinfo', (origin) => `${origin.replace('//', '//user@')}/`],
  ['userinfo that looks like it', (origin) => `${origin}@evil.example.com/`],
  ['a fragment', (origin) => `${origin}/#state`],
  ['an empty fragment', (origin) => `${origin}/#`],
  ['no scheme', () => '//app.example.com/'],
  ['no scheme and three slashes', () => '///evil.example.com/'],
  ['a path', () => '/connected'],
  ['two slashes', (origin) => `${origin}//evil.example.com`],
  ['a backslash', (origin) => `${origin}\\evil.example.com`],
  ['backslashes for slashes', () => 'https:\\\\app.example.com\\'],
  ['an encoded slash', (origin) => `${origin}/%2f%2fevil.example.com`],
  ['an encoded slash in upper case', (origin) => `${origin}/%2Fevil`],
  ['an encoded backslash', (origin) => `${origin}/%5cevil`],
  ['upper case', () => 'https://APP.example.com/'],
  ['a trailing dot', () => 'https://app.example.com./'],
  ['Cyrillic letters', () => 'https://аpp.example.com/'],
  ['full-width letters', () => 'https://ａpp.example.com/'],
  ['punycode', () => 'https://xn--pp-6kc.example.com/'],
  ['a script', () => 'javascript:alert(1)'],
  ['data', () => 'data:text/html,x'],
  ['a leading space', (origin) => ` ${origin}/`],
  ['a tab inside', (origin) => `${origin}/\tx`],
  ['a line break inside', (origin) => `${origin}/\r\nset-cookie:a=b`],
  ['an encoded line break', (origin) => `${origin}/?a=%0d%0aset-cookie:a=b`],
  ['NUL', (origin) => `${origin}/\u0000`],
  ['a path with ..', (origin) => `${origin}/a/../b`],
  ['nothing', () => ''],
  ['8 KB', (origin) => `${origin}/${'a'.repeat(8_000)}`],
  ['another path', (origin) => `${origin}/other`],
  ['a longer path', (origin) => `${origin}/a/bc`],
  ['a path below', (origin) => `${origin}/a/b/c`],
  ['a trailing slash', (origin) => `${origin}/a/b/`],
  ['another case in the path', (origin) => `${origin}/A/b`],
  ['an encoded letter in the path', (origin) => `${origin}/%61/b`],
  ['an encoded ..', (origin) => `${origin}/a/%2e%2e/a/b`],
  ['a state of its own', (origin) => `${origin}/a/b?x=y&state=z`],
  ['an encoded receipt of its own', (origin) => `${origin}/a/b?%72eceipt=z`],
  ['an error of its own', (origin) => `${origin}/a/b?error`],
];

describe('a return or callback URL', () => {
  it.each(TRICKS)('with %s is refused', async (_, trick) => {
    expect(await start({ returnUrl: trick(ORIGIN) })).toEqual(REFUSED);
    expect(await start({ callbackUrl: trick(ORIGIN) })).toEqual(REFUSED);
    expect(await start({ callbackUrl: trick(CALLBACK) })).toEqual(REFUSED);
    expect((await openState(trick(CALLBACK))).status).toBe(400);
  });

  it.each([ORIGIN, `${ORIGIN}/`, `${ORIGIN}/a/b?c=d&e=%20f`, `${LOOPBACK}/done`])(
    'is allowed as %s',
    async (returnUrl) => {
      await stranger().begin({ provider: 'demo', returnUrl });
    },
  );

  it("may be any path of the server's own address, so that its pages can be tried", async () => {
    for (const path of ['', '/', '/_local/demo', '/connect', '/any/path?a=b'])
      await stranger().begin({ provider: 'demo', returnUrl: keyhold.url + path });
    expect(await start({ returnUrl: `${keyhold.url}/connect?receipt=x` })).toEqual(REFUSED);
  });

  it.each([CALLBACK, `${LOOPBACK}/back`])(
    'as a callback is allowed when it is %s, and in no other spelling',
    async (callbackUrl) => {
      const user = stranger();
      await user.begin({ provider: 'demo', callbackUrl });
      expect((await openState(callbackUrl)).status).toBe(201);
      for (const near of [
        `${callbackUrl}/`,
        `${callbackUrl}&x=y`,
        `${callbackUrl}?x=y`,
        callbackUrl.slice(0, -1),
        new URL(callbackUrl).origin,
      ])
        expect([await start({ callbackUrl: near }, user), refusal(await openState(near))]).toEqual([REFUSED, REFUSED]);
    },
  );

  it('longer than a request allows is refused', async () => {
    const returnUrl = `${ORIGIN}/${'a'.repeat(8_192)}`;
    expect(await start({ returnUrl })).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['returnUrl', `${ORIGIN}/`],
    ['callbackUrl', CALLBACK],
    ['callbackUrl', ''],
  ])('as a %s is refused by a server without a list: %s', async (name, url) => {
    const user = makeConnector(closed, 'user', 'closed');
    expect(await start({ [name]: url }, user)).toEqual(REFUSED);
  });
});
