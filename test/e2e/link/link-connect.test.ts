// Connecting by a link, over HTTP: in a browser at the demo provider, on a device, by a key that is checked first; one success uses
// up a link without `manage`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLink } from '../../support/http/link-in-browser.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { decideDeviceAtDemo, makeConnector, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { approveByLink, connectByLink } from '../../support/providers/link-flow.ts';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting({}, { ALLOWED_RETURN_URLS: 'https://app.example.com/connected' });
});
afterAll(() => keyhold.stop());

const SPENT = [401, 'link_invalid'];
const key = { type: 'api_key', provider: 'internal-api', apiKey: 'k-1' };
const own = (userId: string) => makeConnector(keyhold, 'runtime', userId).own();

describe('a link without manage', () => {
  it('shows what can be connected, and nothing that is stored', async () => {
    const link = await openLink(keyhold, 'shown', { provider: 'demo', returnUrl: 'https://app.example.com/connected' });
    const { status, json, headers } = await link.call('GET', '');
    expect(status).toBe(200);
    expect(json).toEqual({
      manage: false,
      providers: [expect.objectContaining({ provider: 'demo', oauth: expect.objectContaining({ configured: true }) })],
      preset: { provider: 'demo', mcpServerUrl: null, credentialId: null, scopes: null, variables: null },
      credentials: null,
      returnUrl: 'https://app.example.com/connected',
      expiresAt: expect.any(String),
    });
    expect(Date.parse(json.expiresAt) - Date.now()).toBeLessThanOrEqual(1_800_000);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('has a token of 256 bits in the fragment of the connect page, and lives as long as asked', async () => {
    const { json } = await keyhold.worker.call('POST', '/v1/users/url/connect-links', { expiresInSeconds: 60 });
    expect(json.url).toMatch(new RegExp(`^${keyhold.url}/connect#[\\w-]{43}$`));
    expect(Date.parse(json.expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(Object.keys(json).toSorted()).toEqual(['expiresAt', 'url']);
  });

  it('connects an account in a browser, for the user it was made for, and is then used up', async () => {
    const link = await openLink(keyhold, 'browser');
    const connected = await connectByLink(keyhold, link, { as: 'ada', returnUrl: `${keyhold.url}/connect` });
    expect([connected.status, connected.json.username]).toEqual([201, 'Ada Lovelace']);
    expect(await own('browser')).toEqual([connected.json]);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '/credentials', key],
      ['POST', '/connections', { provider: 'demo' }],
    ] as const) {
      expect(refusal(await link.call(method, path, body))).toEqual(SPENT);
    }
  });

  it('merges the account that its user has, and is then used up', async () => {
    const first = await connectByLink(keyhold, await openLink(keyhold, 'merge'), { as: 'ada' });
    const link = await openLink(keyhold, 'merge');
    const again = await connectByLink(keyhold, link, { as: 'ada' });
    expect([again.status, again.json.id]).toEqual([200, first.json.id]);
    expect(refusal(await link.call('GET', ''))).toEqual(SPENT);
  });

  it('connects an account on a device', async () => {
    const link = await openLink(keyhold, 'device');
    const { json } = await link.call('POST', '/device-connections', { provider: 'demo' });
    expect((await link.call('POST', '/device-connections/poll', { state: json.state })).json.status).toBe('pending');
    await decideDeviceAtDemo(json.verificationUriComplete, 'grace');
    await expect
      .poll(async () => (await link.call('POST', '/device-connections/poll', { state: json.state })).json, {
        timeout: 60_000,
        interval: 1_000,
      })
      .toMatchObject({ status: 'approved', credential: { username: 'Grace Hopper' } });
    expect(refusal(await link.call('POST', '/device-connections/poll', { state: json.state }))).toEqual(SPENT);
    expect(await own('device')).toHaveLength(1);
  });

  it('checks a key any number of times, and stores it once', async () => {
    const link = await openLink(keyhold, 'entry');
    for (const apiKey of ['k-1', 'k-2']) {
      const checked = await link.call('POST', '/credentials/check', { ...key, apiKey });
      expect([checked.status, checked.json.result]).toEqual([200, 'unknown']);
    }
    expect(await own('entry')).toEqual([]);
    const stored = await link.call('POST', '/credentials', key);
    expect([stored.status, stored.headers.location]).toEqual([201, `/v1/link/credentials/${stored.json.id}`]);
    expect(refusal(await link.call('POST', '/credentials', key))).toEqual(SPENT);
    expect(await own('entry')).toEqual([stored.json]);
  });

  it('is not used up by what fails', async () => {
    const link = await openLink(keyhold, 'fails');
    expect(refusal(await link.call('POST', '/credentials', { ...key, apiKey: '' }))).toEqual([400, 'invalid_request']);
    expect(refusal(await link.call('POST', '/connections', { provider: 'nowhere' }))).toEqual([
      404,
      'provider_unknown',
    ]);
    const { state } = await approveByLink(keyhold, link, { as: 'ada' });
    expect(refusal(await link.call('POST', '/connections/complete', { state, receipt: 'none' }))).toEqual([
      400,
      'state_invalid',
    ]);
    expect((await connectByLink(keyhold, link, { as: 'ada' })).status).toBe(201);
  });

  it('stores one credential when two tabs complete at once', async () => {
    const link = await openLink(keyhold, 'tabs');
    await link.call('GET', '');
    const tabs = await Promise.all([
      approveByLink(keyhold, link, { as: 'ada' }),
      approveByLink(keyhold, link, { as: 'grace' }),
    ]);
    const stored = tabs.map((tab) => link.call('POST', '/connections/complete', tab));
    const keys = Array.from({ length: 20 }, (_, n) => link.call('POST', '/credentials', { ...key, id: `k-${n}` }));
    const replies = await Promise.all([...stored, ...keys]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array(21).fill(401)]);
    expect(await own('tabs')).toHaveLength(1);
  });

  it('returns the browser to the connect page or to its own return URL, and nowhere else', async () => {
    const returnUrl = 'https://app.example.com/connected?from=link';
    const link = await openLink(keyhold, 'return', { returnUrl });
    const start = (given: string) => link.call('POST', '/connections', { provider: 'demo', returnUrl: given });
    for (const allowed of [returnUrl, `${keyhold.url}/connect`, `${keyhold.url}/connect?from=provider`]) {
      expect((await start(allowed)).status).toBe(201);
    }
    expect(refusal(await start('https://app.example.com/connected'))).toEqual([403, 'link_not_allowed']);
    expect(refusal(await start('https://evil.example/'))).toEqual([400, 'url_not_allowed']);
  });
});

describe('making a link', () => {
  const make = (body: object, userId = 'made') =>
    keyhold.worker.call('POST', `/v1/users/${userId}/connect-links`, body);

  it.each([
    [{ provider: 'nowhere' }, 404, 'provider_unknown'],
    [{ credentialId: 'none' }, 404, 'credential_not_found'],
    [{ provider: 'demo', credentialId: 'none' }, 404, 'credential_not_found'],
    [{ scopes: ['demo.read'] }, 400, 'invalid_request'],
    [{ variables: { shop: 'a' } }, 400, 'invalid_request'],
    [{ provider: 'demo', variables: { nothing: 'a' } }, 400, 'invalid_request'],
    [{ returnUrl: 'https://evil.example/' }, 400, 'url_not_allowed'],
    [{ returnUrl: 'https://user@app.example.com/connected' }, 400, 'url_not_allowed'],
    [{ expiresInSeconds: 59 }, 400, 'invalid_request'],
    [{ expiresInSeconds: 604_801 }, 400, 'invalid_request'],
    [{ expiresInSeconds: 60.5 }, 400, 'invalid_request'],
    [{ manage: 'yes' }, 400, 'invalid_request'],
    [{ userId: 'mallory' }, 400, 'invalid_request'],
  ])('is refused for %j', async (body, status, code) => {
    expect(refusal(await make(body))).toEqual([status, code]);
  });

  it.each([{}, { provider: 'openai' }, { provider: 'demo', scopes: ['demo.read'] }, { expiresInSeconds: 604_800 }])(
    'is possible for %j',
    async (body) => {
      expect((await make(body)).status).toBe(201);
    },
  );

  it('is refused for a credential that cannot be reconnected', async () => {
    await keyhold.worker.call('POST', '/v1/users/static/credentials', { ...key, id: 'static' });
    expect(refusal(await make({ credentialId: 'static' }, 'static'))).toEqual([400, 'not_upgradable']);
    expect(refusal(await make({ credentialId: 'static' }, 'other'))).toEqual([404, 'credential_not_found']);
  });
});
