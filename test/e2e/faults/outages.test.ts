// Outages of the table, KMS and Secrets Manager: the answer is 503 with Retry-After, nothing is written partly, and everything
// works again afterwards.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBehindProxies } from '../../support/http/behind-proxies.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import { startKeyhold } from '../../support/http/local-server.ts';
import type { ProxyMode } from '../../support/http/tcp-proxy.ts';

const { keyhold, proxies, env, stop } = await startBehindProxies();
beforeAll(() => keyhold.user('alice').call('POST', '/v1/me/credentials', key({ id: 'before' })));
afterEach(() => {
  for (const proxy of Object.values(proxies)) proxy.set('fine');
});
afterAll(stop);

const key = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });

const expectUnavailable = (reply: Reply, code: string) => {
  expect(reply.json).toMatchObject({ status: 503, code });
  expect(reply.json).not.toHaveProperty('detail');
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
};

const OUTAGES: ProxyMode[] = ['refusing', 'hanging'];

describe.each(OUTAGES)('a table that is %s', (mode) => {
  it('answers 503 store_unavailable to reads and writes, then works again', { timeout: 120_000 }, async () => {
    proxies.table.set(mode);
    const alice = keyhold.user('alice');
    const replies = await Promise.all([
      alice.call('GET', '/v1/me/credentials'),
      alice.call('POST', '/v1/me/credentials', key({ id: `during-${mode}` })),
      alice.call('DELETE', '/v1/me/credentials/before'),
      keyhold.worker.call('POST', '/v1/users/alice/resolve', { provider: 'openai' }),
    ]);
    for (const reply of replies) expectUnavailable(reply, 'store_unavailable');
    proxies.table.set('fine');
    const { json } = await alice.call('GET', '/v1/me/credentials?provider=openai');
    expect(json.credentials.map((view: { id: string }) => view.id)).toEqual(['before']);
    expect(json.version).toBe(1);
  });
});

describe('a table whose answers are lost', () => {
  it('stores an add once when its retry is answered', { timeout: 120_000 }, async () => {
    const bob = keyhold.user('bob');
    await bob.call('GET', '/v1/me/credentials');
    proxies.table.set('losing answers');
    const during = bob.call('POST', '/v1/me/credentials', key({ id: 'once' }));
    // The write has been sent at least twice.
    await expect.poll(() => proxies.table.lostAnswers(), { timeout: 60_000, interval: 5 }).toBeGreaterThan(1);
    proxies.table.set('fine');
    expect((await during).status).toBe(201);
    const { json } = await bob.call('GET', '/v1/me/credentials?provider=openai');
    expect(json).toMatchObject({ version: 1, credentials: [{ id: 'once' }] });
  });
});

describe.each(OUTAGES)('a KMS that is %s', (mode) => {
  it('fails closed: no secret is written or opened, and views are still served', { timeout: 120_000 }, async () => {
    proxies.kms.set(mode);
    const alice = keyhold.user('alice');
    const [added, opened, listed, renamed] = await Promise.all([
      alice.call('POST', '/v1/me/credentials', key({ id: `sealed-${mode}` })),
      keyhold.worker.call('GET', '/v1/users/alice/credentials/before'),
      alice.call('GET', '/v1/me/credentials?provider=openai'),
      alice.call('PATCH', '/v1/me/credentials/before', { title: `t ${mode}` }),
    ]);
    expectUnavailable(added as Reply, 'keys_unavailable');
    expectUnavailable(opened as Reply, 'keys_unavailable');
    expect(listed).toMatchObject({ status: 200 });
    expect(renamed).toMatchObject({ status: 200, json: { title: `t ${mode}` } });
    proxies.kms.set('fine');
    expect((await alice.call('GET', `/v1/me/credentials/sealed-${mode}`)).status).toBe(404);
    const again = await keyhold.worker.call('GET', '/v1/users/alice/credentials/before');
    expect(again.json.secret).toEqual({ apiKey: 'k' });
    // A new secret has a new data key, which is not in the cache in the next outage.
    await alice.call('PUT', '/v1/me/credentials/before', key());
  });
});

describe.each(OUTAGES)('a Secrets Manager that is %s', (mode) => {
  it('does not affect calls while the last value is within its age limit', { timeout: 120_000 }, async () => {
    const resolve = () => keyhold.worker.call('POST', '/v1/users/carol/resolve', { provider: 'groq' });
    expect((await resolve()).json.headers).toEqual({ authorization: 'Bearer gsk-system' });
    proxies.secrets.set(mode);
    await new Promise((next) => setTimeout(next, 1_100));
    expect((await resolve()).json.headers).toEqual({ authorization: 'Bearer gsk-system' });
    expect((await keyhold.user('carol').call('GET', '/v1/me/credentials')).status).toBe(200);
  });

  it('makes a cold start answer 503 secrets_unavailable without crashing', { timeout: 120_000 }, async () => {
    proxies.secrets.set(mode);
    const cold = await startKeyhold({ env });
    const reply = await cold.worker.call('POST', '/v1/users/carol/resolve', { provider: 'groq' });
    expectUnavailable(reply, 'secrets_unavailable');
    expect((await cold.user('carol').call('GET', '/v1/me/credentials')).status).toBe(200);
    proxies.secrets.set('fine');
    await expect
      .poll(async () => (await cold.worker.call('POST', '/v1/users/carol/resolve', { provider: 'groq' })).status, {
        timeout: 60_000,
      })
      .toBe(200);
    await cold.stop();
  });
});
