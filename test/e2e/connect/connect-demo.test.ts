// Connecting an account at a real authorization server, from the start to the token that a worker gets.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  comeBack,
  connectDemo,
  decideAtDemo,
  makeConnector,
  PLANES,
  receiptFor,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';

const RETURN_URL = 'https://app.example.com/connected?tab=keys';
const DEFAULT_SCOPES = ['openid', 'profile', 'demo.read'];

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting({}, { ALLOWED_RETURN_URLS: 'https://app.example.com/connected' });
});
afterAll(() => keyhold.stop());

/** The provider's userinfo for the resolved token. */
const whoIs = async (headers: Record<string, string>, authorizationUrl: URL): Promise<unknown> =>
  (await fetch(new URL('/me', authorizationUrl), { headers })).json();

describe.each(PLANES)('connecting on the %s plane', (plane) => {
  const connector = (name: string) => makeConnector(keyhold, plane, `${name}-${plane}`);

  it('stores the account with its scopes, and resolves to a token that the provider accepts', async () => {
    const user = connector('first');
    const { state, url } = await user.begin({ provider: 'demo' });
    const back = await decideAtDemo(url, 'ada');
    const { status, json } = await user.complete({ state, receipt: await receiptFor(keyhold, [...back.searchParams]) });
    expect(status).toBe(201);
    expect(json).toMatchObject({ provider: 'demo', type: 'oauth2', source: 'user', status: 'active', version: 1 });
    expect(json).toMatchObject({ username: 'Ada Lovelace', scopes: DEFAULT_SCOPES, host: null, reason: null });
    expect(Date.parse(json.expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await user.own()).toEqual([json]);
    const resolved = await user.resolve({ provider: 'demo', scopes: ['demo.read'] });
    expect(resolved.json).toMatchObject({ credential: { id: json.id }, stale: false });
    expect(resolved.json.headers.authorization).toBe(`Bearer ${resolved.json.credential.secret.accessToken}`);
    expect(await whoIs(resolved.json.headers, url)).toEqual({ sub: 'ada', name: 'Ada Lovelace' });
  });

  it('merges the same account without a credential id, and stores another account beside it', async () => {
    const user = connector('again');
    const first = await connectDemo(keyhold, user, { as: 'ada' });
    await user.rename(first.json.id, 'My own title');
    const before = (await user.resolve({ provider: 'demo' })).json.credential.secret.accessToken;
    const again = await connectDemo(keyhold, user, { as: 'ada' });
    expect([again.status, again.json.id, again.json.title]).toEqual([200, first.json.id, 'My own title']);
    expect(again.json.createdAt).toBe(first.json.createdAt);
    expect((await user.resolve({ provider: 'demo' })).json.credential.secret.accessToken).not.toBe(before);
    const grace = await connectDemo(keyhold, user, { as: 'grace' });
    expect([grace.status, grace.json.username]).toEqual([201, 'Grace Hopper']);
    expect((await user.own()).map((view) => view.id)).toEqual([first.json.id, grace.json.id]);
  });

  it('refuses another account for a named credential, and changes nothing', async () => {
    const user = connector('mismatch');
    const { json } = await connectDemo(keyhold, user, { as: 'ada' });
    const held = await user.resolve({ credentialId: json.id });
    const refused = await connectDemo(keyhold, user, { as: 'grace', credentialId: json.id });
    expect(refusal(refused)).toEqual([409, 'account_mismatch']);
    expect(await user.own()).toEqual([json]);
    expect((await user.resolve({ credentialId: json.id })).json).toEqual(held.json);
  });

  it('adds scopes to a credential in place: the union of scopes, the same id, title and place', async () => {
    const user = connector('upgrade');
    const ada = await connectDemo(keyhold, user, { as: 'ada', scopes: ['openid', 'profile'] });
    const grace = await connectDemo(keyhold, user, { as: 'grace', scopes: ['openid', 'profile'] });
    await user.rename(ada.json.id, 'Of Ada');
    const short = await user.resolve({ credentialId: ada.json.id, scopes: ['openid', 'demo.write'] });
    expect(short.json).toMatchObject({ code: 'insufficient_scopes', missingScopes: ['demo.write'] });
    const wide = await connectDemo(keyhold, user, {
      as: 'ada',
      credentialId: ada.json.id,
      scopes: ['demo.write'],
    });
    expect([wide.status, wide.json.id, wide.json.title]).toEqual([200, ada.json.id, 'Of Ada']);
    expect(wide.json.scopes.toSorted()).toEqual(['demo.write', 'openid', 'profile']);
    expect((await user.own()).map((view) => view.id)).toEqual([ada.json.id, grace.json.id]);
    expect((await user.resolve({ provider: 'demo', scopes: ['demo.write'] })).json.credential.id).toBe(ada.json.id);
  });

  it('answers that the user denied the connection', async () => {
    const user = connector('deny');
    const { state, url } = await user.begin({ provider: 'demo' });
    const page = await comeBack(keyhold, [...(await decideAtDemo(url, '')).searchParams]);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('receipt');
    expect(refusal(await user.complete({ state, receipt: 'none' }))).toEqual([400, 'connection_denied']);
    expect(await user.own()).toEqual([]);
  });

  it('redirects the browser to the return URL and keeps its query', async () => {
    const user = connector('return');
    const { state, url } = await user.begin({ provider: 'demo', returnUrl: RETURN_URL });
    const back = await decideAtDemo(url, 'ada');
    const { status, headers, text } = await comeBack(keyhold, [...back.searchParams]);
    const location = new URL(headers.location ?? '');
    expect([status, text, location.origin, location.pathname]).toEqual([
      303,
      '',
      'https://app.example.com',
      '/connected',
    ]);
    const receipt = location.searchParams.get('receipt');
    expect([...location.searchParams]).toEqual([
      ['tab', 'keys'],
      ['state', state],
      ['receipt', receipt],
    ]);
    expect([headers['cache-control'], headers['referrer-policy']]).toEqual(['no-store', 'no-referrer']);
    expect((await user.complete({ state, receipt })).status).toBe(201);
  });

  it('redirects the browser to the return URL with the error', async () => {
    const user = connector('return-denied');
    const { state, url } = await user.begin({ provider: 'demo', returnUrl: RETURN_URL });
    const { status, headers } = await comeBack(keyhold, [...(await decideAtDemo(url, '')).searchParams]);
    const expected = { tab: 'keys', state, error: 'access_denied' };
    expect([status, Object.fromEntries(new URL(headers.location ?? '').searchParams)]).toEqual([303, expected]);
    expect(refusal(await user.complete({ state, receipt: 'none' }))).toEqual([400, 'connection_denied']);
  });

  it('shows a receipt on a page that loads nothing, is not cached and sends no referrer', async () => {
    const { url } = await connector('page').begin({ provider: 'demo' });
    const { status, headers, text } = await comeBack(keyhold, [...(await decideAtDemo(url, 'ada')).searchParams]);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(text).toMatch(/<code id="receipt">[\w-]{43}<\/code>/);
    expect(text).not.toMatch(/https?:|\/\/|<script|<img|<link|<form|url\(|@import/i);
  });
});
