// Who can use a link, over HTTP (G7): the first browser that does, until it expires, is used up or its user is erased; everyone else
// gets one and the same answer.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import { type CookieJar, linkInBrowser, openLink } from '../../support/http/link-in-browser.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { makeConnector, startConnecting } from '../../support/providers/connect-flow.ts';
import { approveByLink } from '../../support/providers/link-flow.ts';
import { isProof } from '../../support/run/proof.ts';

const HTTPS = 'https://keys.example.com';

let keyhold: Keyhold;
let behindHttps: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting();
  behindHttps = await startConnecting({}, { PUBLIC_BASE_URL: HTTPS });
});
afterAll(() => Promise.all([keyhold.stop(), behindHttps.stop()]));

const COOKIE = /^keyhold-link=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/;
const key = { type: 'api_key', provider: 'internal-api', apiKey: 'k-1' };

/** All of a refusal but the id of the request. */
const whole = ({ status, json, headers }: Reply) => ({
  status,
  json: { ...json, instance: '' },
  headers: { ...headers, date: '', 'apigw-requestid': '' },
});

const INVALID = {
  status: 401,
  json: {
    type: 'urn:keyhold:problem:link_invalid',
    title: 'Invalid link',
    status: 401,
    code: 'link_invalid',
    instance: '',
  },
};

describe('the browser of a link', () => {
  it('is the first one, by a cookie that goes out with the first answer', async () => {
    const link = await openLink(keyhold, 'first');
    const first = await link.call('GET', '');
    expect([first.status, first.headers['set-cookie']]).toEqual([200, [expect.stringMatching(COOKIE)]]);
    const second = await link.call('GET', '');
    expect([second.status, second.headers['set-cookie']]).toEqual([200, undefined]);
  });

  it('has it from the page before the first answer, which may be lost', async () => {
    const { token } = await openLink(keyhold, 'lost');
    const page = await keyhold.anonymous.call('GET', '/connect', undefined, { 'sec-fetch-dest': 'document' });
    const [cookie = ''] = page.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(COOKIE);
    const headers = { authorization: `Link ${token}`, cookie: cookie.split(';')[0] ?? '' };
    const read = () => keyhold.anonymous.call('GET', '/v1/link', undefined, headers);
    expect([(await read()).status, (await read()).status]).toEqual([200, 200]);
    expect((await linkInBrowser(keyhold, token).call('GET', '')).status).toBe(401);
  });

  it.each([
    ['GET', '/v1/link', undefined, 200],
    ['POST', '/v1/link/credentials', '{', 400],
    ['PATCH', '/v1/link/credentials/none', { title: 'New' }, 403],
    ['POST', '/v1/link/connections', { provider: 'nowhere' }, 404],
  ])('gets it with a refusal too: %s %s', async (method, path, body, status) => {
    const link = await openLink(keyhold, 'refused');
    const headers = { authorization: `Link ${link.token}`, 'content-type': 'application/json' };
    const reply = await keyhold.anonymous.call(method, path, body, headers);
    expect([reply.status, reply.headers['set-cookie']]).toEqual([status, [expect.stringMatching(COOKIE)]]);
    expect((await linkInBrowser(keyhold, link.token).call('GET', '')).status).toBe(401);
  });

  it('is one of many that open it at once', async () => {
    const { token } = await openLink(keyhold, 'race');
    const browsers = Array.from({ length: 20 }, () => linkInBrowser(keyhold, token));
    const replies = await Promise.all(browsers.map((browser) => browser.call('GET', '')));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(401)]);
    expect(replies.filter(({ headers }) => headers['set-cookie'])).toHaveLength(1);
    const again = await Promise.all(browsers.map((browser) => browser.call('GET', '')));
    expect(again.map(({ status }) => status)).toEqual(replies.map(({ status }) => status));
  });

  it('may hold several links at once, of several users', async () => {
    const jar: CookieJar = new Map();
    const links = [];
    for (const user of ['several-a', 'several-b']) links.push(await openLink(keyhold, user, { manage: true }, jar));
    for (const link of [...links, ...links]) expect((await link.call('GET', '')).status).toBe(200);
    for (const link of links) expect((await link.call('POST', '/credentials', key)).status).toBe(201);
    expect(jar.size).toBe(1);
  });

  it('has a cookie of the host alone, over TLS only, where the service has https', async () => {
    const { json } = await behindHttps.worker.call('POST', '/v1/users/tls/connect-links', {});
    expect(json.url).toMatch(/^https:\/\/keys\.example\.com\/connect#/);
    const link = linkInBrowser(behindHttps, new URL(json.url).hash.slice(1));
    const { status, headers } = await link.call('GET', '');
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-keyhold-link=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    expect((await link.call('GET', '')).status).toBe(200);
    const unprefixed = {
      authorization: `Link ${link.token}`,
      cookie: link.headers().cookie?.replace('__Host-', '') ?? '',
    };
    expect((await behindHttps.anonymous.call('GET', '/v1/link', undefined, unprefixed)).status).toBe(401);
  });
});

describe('a link that cannot be used', () => {
  it('has one answer, whatever the reason', async () => {
    const held = await openLink(keyhold, 'held', { manage: true });
    await held.call('GET', '');
    const spent = await openLink(keyhold, 'spent');
    await spent.call('POST', '/credentials', key);
    const erased = await openLink(keyhold, 'erased');
    await erased.call('GET', '');
    await keyhold.worker.call('DELETE', '/v1/users/erased');
    const replies = await Promise.all([
      linkInBrowser(keyhold, randomBytes(32).toString('base64url')).call('GET', ''),
      linkInBrowser(keyhold, 'short').call('GET', ''),
      linkInBrowser(keyhold, held.token).call('GET', ''),
      linkInBrowser(keyhold, held.token, new Map([['keyhold-link', 'x'.repeat(43)]])).call('GET', ''),
      linkInBrowser(keyhold, held.token, new Map([['keyhold-link', '"']])).call('GET', ''),
      linkInBrowser(keyhold, spent.token).call('GET', ''),
      spent.call('GET', ''),
      erased.call('GET', ''),
      keyhold.anonymous.call('GET', '/v1/link'),
      keyhold.anonymous.call('GET', '/v1/link', undefined, { authorization: `Bearer ${held.token}` }),
      keyhold.user('held').call('GET', '/v1/link'),
    ]);
    const [first] = replies.map(whole);
    expect(first).toMatchObject({ ...INVALID, headers: { 'www-authenticate': 'Link' } });
    for (const reply of replies) expect(whole(reply)).toEqual(first);
    expect((await held.call('GET', '')).status).toBe(200);
  });

  // A link lives a minute at least, which is waited for; the unit tests of links set the clock.
  it.runIf(isProof)(
    'has it after a minute too, if it was made for one',
    async () => {
      const links = [await openLink(keyhold, 'late', { expiresInSeconds: 60 })];
      links.push(await openLink(keyhold, 'late', { expiresInSeconds: 60, manage: true }));
      expect((await links[1]?.call('GET', ''))?.status).toBe(200);
      await sleep(61_000);
      for (const link of links) expect(whole(await link.call('GET', ''))).toMatchObject(INVALID);
      expect(await makeConnector(keyhold, 'runtime', 'late').own()).toEqual([]);
    },
    120_000,
  );

  it('is what a page of another origin sees', async () => {
    const link = await openLink(behindHttps, 'origin', { manage: true });
    const from = (origin: string) => link.call('POST', '/credentials', key, { origin });
    // The local server itself admits its own pages only.
    for (const origin of ['https://evil.example', 'null', `${HTTPS}.evil.example`]) {
      expect((await from(origin)).status).toBe(403);
    }
    expect((await openLink(keyhold, 'origin')).token).not.toBe(link.token);
    const own = await openLink(keyhold, 'origin-own', { manage: true });
    expect((await own.call('POST', '/credentials', key, { origin: keyhold.url })).status).toBe(201);
  });
});

describe('a flow that a link started', () => {
  it('completes by this link alone: not by another of the user, by a worker or by the user', async () => {
    const [link, other] = [await openLink(keyhold, 'flow', { manage: true }), await openLink(keyhold, 'flow')];
    const completion = await approveByLink(keyhold, link, { as: 'ada' });
    const user = makeConnector(keyhold, 'user', 'flow');
    const refused = [
      await other.call('POST', '/connections/complete', completion),
      await user.complete(completion),
      await makeConnector(keyhold, 'runtime', 'flow').complete(completion),
    ];
    for (const { status, json } of refused) expect([status, json.code]).toEqual([400, 'state_invalid']);
    expect((await link.call('POST', '/connections/complete', completion)).status).toBe(201);
  });

  it('is the only kind that a link completes', async () => {
    const link = await openLink(keyhold, 'foreign-flow');
    const { state } = await makeConnector(keyhold, 'user', 'foreign-flow').begin({ provider: 'demo' });
    const { status, json } = await link.call('POST', '/connections/complete', { state, receipt: 'none' });
    expect([status, json.code]).toEqual([400, 'state_invalid']);
    const device = await makeConnector(keyhold, 'user', 'foreign-flow').startDevice({ provider: 'demo' });
    const poll = await link.call('POST', '/device-connections/poll', { state: device.json.state });
    expect([poll.status, poll.json.code]).toEqual([400, 'state_invalid']);
  });
});

describe('the links of a user', () => {
  it('are limited in number, and erased with the user', async () => {
    const limited = await startConnecting({}, { MAX_OPEN_STATES_PER_USER: '3' });
    const make = (expiresInSeconds: number) =>
      limited.worker.call('POST', '/v1/users/many/connect-links', { expiresInSeconds });
    for (let n = 0; n < 3; n++) expect((await make(60)).status).toBe(201);
    const refused = await make(60);
    expect([refused.status, refused.json.code]).toEqual([429, 'too_many_open_states']);
    expect((await make(86_400)).status).toBe(201);
    expect((await limited.worker.call('DELETE', '/v1/users/many')).status).toBe(200);
    expect((await make(60)).status).toBe(201);
    await limited.stop();
  });
});
