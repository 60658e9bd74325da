// The callback route with any request a browser can make: one answer to every bad request, no part of the request on the page,
// and the state stays usable.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  comeBack,
  makeConnector,
  receiptFor,
  receiptIn,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const STATE_INVALID = [400, 'state_invalid'];
const RETURN_URL = 'https://app.example.com/connected';
const LIFETIME_SECONDS = 2;
const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
let shortLived: Keyhold;
let bad: Reply;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const providers = { acme: provider.entry('acme') };
  const env = { ALLOWED_RETURN_URLS: RETURN_URL };
  keyhold = await startConnecting(providers, env);
  shortLived = await startConnecting(providers, { ...env, OAUTH_STATE_TTL_SECONDS: String(LIFETIME_SECONDS) });
  bad = await comeBack(keyhold, {});
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await Promise.all([keyhold.stop(), shortLived.stop()]);
  provider.close();
});

const begin = async (user: string, body: Record<string, unknown> = {}) => {
  const connector = makeConnector(keyhold, 'user', user);
  return { connector, ...(await connector.begin(body)) };
};

/** The one page for every bad request. */
const expectBadPage = ({ status, headers, text }: Reply) => {
  expect([status, text]).toEqual([400, bad.text]);
  for (const name of ['content-type', 'content-security-policy', 'cache-control', 'referrer-policy'])
    expect(headers[name]).toBe(bad.headers[name]);
  expect(headers.location).toBeUndefined();
};

describe('the page for a bad callback', () => {
  it('is HTML that loads nothing, is not cached and sends no referrer', () => {
    expect(bad.status).toBe(400);
    expect(bad.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(bad.headers['content-security-policy']).toMatch(/^default-src 'none'; /);
    expect(bad.text).not.toMatch(/https?:|<script|<img|<link|<form|url\(|@import/i);
  });

  it.each([
    ['no state', 'code=x'],
    ['an unknown state', `state=${'A'.repeat(43)}&code=x`],
    ['an empty state', 'state=&code=x'],
    ['markup for a state', `state=${encodeURIComponent(MARKUP)}&code=x`],
    ['bytes that are not UTF-8', 'state=%ff%fe%00&code=%c3'],
    ['a state of 6 KB', `state=${'A'.repeat(6_000)}&code=x`],
    ['a thousand states', Array(1_000).fill('state=x').join('&')],
    ['names of Object.prototype', 'state=__proto__&code=constructor&__proto__=x&toString=y'],
  ])('is the answer to %s', async (_, query) => {
    expectBadPage(await keyhold.anonymous.call('GET', `/v1/oauth/callback?${query}`));
  });
});

describe('a callback', () => {
  const bent: [what: string, query: (state: string) => string][] = [
    ['no code', (state) => `state=${state}`],
    ['an empty code', (state) => `state=${state}&code=`],
    ['two codes', (state) => `state=${state}&code=a&code=b`],
    ['the same code twice', (state) => `state=${state}&code=a&code=a`],
    ['two states', (state) => `state=${state}&state=${state}&code=a`],
    ['two issuers', (state) => `state=${state}&code=a&iss=https%3A%2F%2Fa.example&iss=https%3A%2F%2Fa.example`],
    ['two errors', (state) => `state=${state}&error=access_denied&error=access_denied`],
    ['code and error together', (state) => `state=${state}&code=a&error=access_denied`],
    ['an empty code and an error', (state) => `state=${state}&code=&error=access_denied`],
    ['a code with line breaks', (state) => `state=${state}&code=a%0d%0ab`],
    ['a code with NUL', (state) => `state=${state}&code=a%00`],
    ['a code of 5 KB', (state) => `state=${state}&code=${'c'.repeat(5_000)}`],
    ['an issuer of 3 KB', (state) => `state=${state}&code=a&iss=${'i'.repeat(3_000)}`],
    ['a state in upper case', (state) => `state=${state.toUpperCase()}x&code=a`],
  ];

  it.each(bent)('with %s gets the page, and the state stays usable', async (what, query) => {
    const { connector, state } = await begin(`bent-${bent.findIndex(([name]) => name === what)}`);
    expectBadPage(await keyhold.anonymous.call('GET', `/v1/oauth/callback?${query(state)}`));
    const receipt = await receiptFor(keyhold, { state, code: 'right' });
    expect((await connector.complete({ state, receipt })).status).toBe(201);
    expect(provider.requests('/acme/token').map(({ form }) => form.code)).toEqual(['right']);
  });

  it('after another one gets the page, and the first code is kept', async () => {
    const { connector, state } = await begin('second');
    const receipt = await receiptFor(keyhold, { state, code: 'first' });
    for (const late of [['code', 'second'] as const, ['error', 'access_denied'] as const])
      expectBadPage(await comeBack(keyhold, { state, [late[0]]: late[1] }));
    expect((await connector.complete({ state, receipt })).status).toBe(201);
    expect(provider.requests('/acme/token').map(({ form }) => form.code)).toEqual(['first']);
    expectBadPage(await comeBack(keyhold, { state, code: 'third' }));
  });

  it.each([
    ['markup as an error', { error: MARKUP }, 'access_denied'],
    [
      'markup as a description',
      { error: 'access_denied', error_description: MARKUP, error_uri: MARKUP },
      'access_denied',
    ],
    ['an error that is a URL', { error: 'https://evil.example.com/' }, 'access_denied'],
    ['an error with line breaks', { error: 'a\r\nset-cookie: a=b' }, 'access_denied'],
    ["the provider's own error code", { error: 'consent_required' }, 'consent_required'],
  ])('with %s passes none of it on', async (_, query: Record<string, string>, error) => {
    const plain = await begin('markup');
    const page = await comeBack(keyhold, { state: plain.state, ...query });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/alert|script|evil|set-cookie|denied|required/i);
    expect(page.text).not.toContain(plain.state);
    expect(page.headers['content-security-policy']).toBe(bad.headers['content-security-policy']);
    const returning = await begin('markup', { returnUrl: RETURN_URL });
    const { status, headers, text } = await comeBack(keyhold, { state: returning.state, ...query });
    expect([status, text, headers['set-cookie']]).toEqual([303, '', undefined]);
    expect(headers.location).toBe(`${RETURN_URL}?state=${returning.state}&error=${error}`);
  });

  it('shows neither code nor state on the page with the receipt', async () => {
    const { state } = await begin('quiet');
    const { text, headers } = await comeBack(keyhold, { state, code: 'code-1', extra: MARKUP });
    expect(text).not.toContain(state);
    expect(text).not.toContain('code-1');
    expect(text).not.toContain('alert');
    expect(JSON.stringify(headers)).not.toContain(state);
  });
});

const CALLBACK = '/v1/oauth/callback';
const postForm = (keyhold: Keyhold, form: Record<string, string>, headers: Record<string, string> = {}) =>
  keyhold.anonymous.call('POST', CALLBACK, String(new URLSearchParams(form)), {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });

describe('a browser that comes back', () => {
  it.each([
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
    ['purpose', 'Preview'],
  ])('ahead of the person (%s: %s) takes nothing, and the person’s receipt works', async (name, value) => {
    const { connector, state } = await begin(`prefetched-${name}-${value.replace(';', '-')}`);
    const query = new URLSearchParams({ state, code: 'code-1' });
    const ahead = await keyhold.anonymous.call('GET', `${CALLBACK}?${query}`, undefined, { [name]: value });
    expect([ahead.status, ahead.text]).toEqual([204, '']);
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect((await connector.complete({ state, receipt })).status).toBe(201);
  });

  it('twice with the same code has a valid receipt, the newer one', async () => {
    const { connector, state } = await begin('reloading');
    const receipts = [await receiptFor(keyhold, { state, code: 'code-1' })];
    receipts.push(await receiptFor(keyhold, { state, code: 'code-1' }));
    expect(refusal(await connector.complete({ state, receipt: receipts[0] }))).toEqual(STATE_INVALID);
    expect((await connector.complete({ state, receipt: receipts[1] })).status).toBe(201);
    expect(provider.requests('/acme/token')).toHaveLength(1);
  });

  it('with an empty error beside the code is received', async () => {
    const { connector, state } = await begin('no-error');
    const receipt = await receiptFor(keyhold, { state, code: 'code-1', error: '' });
    expect((await connector.complete({ state, receipt })).status).toBe(201);
  });

  it('with a form is received as with a query, from a page of any origin', async () => {
    const { connector, state } = await begin('form', { returnUrl: RETURN_URL });
    const back = await postForm(keyhold, { state, code: 'code-1' }, { origin: 'https://provider.example' });
    expect(back.status).toBe(303);
    expect(back.headers.location).toMatch(`${RETURN_URL}?state=${state}&receipt=`);
    expect((await connector.complete({ state, receipt: receiptIn(back) })).status).toBe(201);
  });

  it('with a form that names an error is denied, and with a bad one gets the page', async () => {
    const { state } = await begin('form-denied');
    expect((await postForm(keyhold, { state, error: 'access_denied' })).text).toContain('Not connected');
    expectBadPage(await postForm(keyhold, { state: 'none', code: 'code-1' }));
    expectBadPage(await postForm(keyhold, {}));
    const twice = `state=${state}&code=a&code=b`;
    const form = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    expectBadPage(await keyhold.anonymous.call('POST', CALLBACK, twice, form));
  });

  it('with another kind of body is refused', async () => {
    const { status, json } = await keyhold.anonymous.call('POST', CALLBACK, { state: 'x', code: 'y' });
    expect([status, json.code]).toEqual([415, 'unsupported_media_type']);
  });
});

/** Repeats what must finish within the short lifetime until it does, so that a slow machine does not fail the test. */
const inTime = async <T>(attempt: () => Promise<T | null>): Promise<T> => {
  for (;;) {
    const result = await attempt();
    if (result !== null) return result;
  }
};

describe('an expired state', () => {
  it('is refused at the callback and at completion, and was valid until then', async () => {
    const connector = makeConnector(shortLived, 'user', 'late');
    const withReceipt = (code: string) =>
      inTime(async () => {
        const { state } = await connector.begin();
        const receipt = receiptIn(await comeBack(shortLived, { state, code }));
        return receipt === undefined ? null : { state, receipt };
      });
    await inTime(async () => {
      const { status } = await connector.complete(await withReceipt('code-2'));
      return status === 201 ? status : null;
    });
    const received = await withReceipt('code-1');
    const unused = await connector.begin();
    expect(Date.parse(unused.expiresAt) - Date.now()).toBeLessThanOrEqual(LIFETIME_SECONDS * 1000);
    await sleep(LIFETIME_SECONDS * 1000 + 50);
    expectBadPage(await comeBack(shortLived, { state: unused.state, code: 'code-3' }));
    expectBadPage(await comeBack(shortLived, { state: unused.state, error: 'access_denied' }));
    expect(refusal(await connector.complete(received))).toEqual(STATE_INVALID);
    expect(provider.requests('/acme/token').map(({ form }) => form.code)).toEqual(['code-2']);
  });
});
