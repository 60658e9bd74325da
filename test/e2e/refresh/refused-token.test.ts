// A worker whose API answered 401 reports the token it was given, over HTTP, to processes that share one table.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { DEPENDENCY_TOO_SLOW, refusedIn, storm, untilServed } from '../../support/http/storm.ts';
import { type Holder, makeHolder, startTogether, tokenIn } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A hang limit. */
const STORM_MILLISECONDS = 180_000;

let provider: RefreshingProvider;
let servers: [Keyhold, Keyhold];
beforeAll(async () => {
  provider = await startRefreshingProvider();
  const started = await startTogether(2, { acme: provider.entry() }, { SECRETS_MAX_AGE_SECONDS: '300' });
  servers = started as [Keyhold, Keyhold];
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

/** A holder of a token that lasts a day, and the name of that token. */
const makeReporter = async (): Promise<{ holder: Holder; refusedTokenRef: string }> => {
  const holder = await makeHolder(servers[0], provider, { livesMilliseconds: DAY });
  const { json } = await holder.resolve();
  return { holder, refusedTokenRef: json.tokenRef };
};

const storedView = async (userId: string, id: string): Promise<{ status: string; reason: string | null }> =>
  (await servers[1].user(userId).call('GET', `/v1/me/credentials/${id}`)).json;

describe('a reported OAuth token', () => {
  it('has the same name in every process, and shows nothing of the token', async () => {
    const { holder, refusedTokenRef } = await makeReporter();
    const other = await holder.resolve({}, servers[1]);
    expect(other.json.tokenRef).toBe(refusedTokenRef);
    expect(refusedTokenRef).not.toContain(holder.tokens.accessToken);
  });

  it('is one token request for 200 reporters over two processes', { timeout: STORM_MILLISECONDS }, async () => {
    const { holder, refusedTokenRef } = await makeReporter();
    const reporter: Holder = { ...holder, resolve: (_, at) => holder.resolve({ refusedTokenRef }, at) };
    const waves = await untilServed(reporter, servers, await storm(reporter, servers, 200));
    for (const { code } of waves.flatMap(refusedIn))
      expect(['refresh_unavailable', ...DEPENDENCY_TOO_SLOW]).toContain(code);
    expect(refusedIn(waves.at(-1) ?? [])).toEqual([]);
    const tokens = new Set(waves.flat().flatMap(({ token }) => token ?? []));
    expect([tokens.size, tokens.has(holder.tokens.accessToken)]).toEqual([1, false]);
    expect(provider.refreshes).toHaveLength(1);
  });

  it('answers the stored token to a late report, without a call', async () => {
    const { holder, refusedTokenRef } = await makeReporter();
    const renewed = await holder.resolve({ refusedTokenRef });
    for (const late of [refusedTokenRef, 'never-issued', 'é'.repeat(100)]) {
      const reply = await holder.resolve({ refusedTokenRef: late }, servers[1]);
      expect([reply.status, tokenIn(reply), reply.json.tokenRef]).toEqual([
        200,
        tokenIn(renewed),
        renewed.json.tokenRef,
      ]);
    }
    expect(provider.refreshes).toHaveLength(1);
  });

  it('is 503 with Retry-After during a back-off, in every process, and the others still get the token', async () => {
    const { holder, refusedTokenRef } = await makeReporter();
    provider.answer({ status: 503, headers: { 'retry-after': '30' } });
    const replies: Reply[] = [];
    for (const at of [servers[0], servers[1], servers[0]]) replies.push(await holder.resolve({ refusedTokenRef }, at));
    for (const reply of replies) {
      expectProblem(reply, 'refresh_unavailable');
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(15);
    }
    expect(provider.refreshes).toHaveLength(1);
    expect(tokenIn(await holder.resolve())).toBe(holder.tokens.accessToken);
  });

  it.each([
    ['a number', 7],
    ['null', null],
    ['an empty text', ''],
    ['an object', {}],
    ['a text that is too long', 'x'.repeat(257)],
  ])('cannot be %s', async (_, refusedTokenRef) => {
    const { holder } = await makeReporter();
    expectProblem(await holder.resolve({ refusedTokenRef }), 'invalid_request');
    expect(provider.refreshes).toHaveLength(0);
  });
});

describe('a reported key', () => {
  it('marks a key that cannot be refreshed, until it is replaced, with one event', async () => {
    const [userId, id] = ['reporter', 'key'];
    const { worker } = servers[0];
    const path = `/v1/users/${userId}`;
    const key = { type: 'api_key', provider: 'openai', apiKey: 'k1' };
    expect((await worker.call('POST', `${path}/credentials`, { ...key, id })).status).toBe(201);
    const { tokenRef } = (await worker.call('POST', `${path}/resolve`, { provider: 'openai' })).json;
    for (const { worker: at } of servers) {
      const refused = await at.call('POST', `${path}/resolve`, { provider: 'openai', refusedTokenRef: tokenRef });
      expectProblem(refused, 'reconnect_required', { reason: 'refused' });
    }
    expect(await storedView(userId, id)).toMatchObject({ status: 'reconnect_required', reason: 'refused' });
    const replaced = await worker.call('PUT', `${path}/credentials/${id}`, { ...key, apiKey: 'k2' });
    expect(replaced.json).toMatchObject({ status: 'active', reason: null });
    const late = await worker.call('POST', `${path}/resolve`, { provider: 'openai', refusedTokenRef: tokenRef });
    expect([late.status, late.json.headers]).toEqual([200, { authorization: 'Bearer k2' }]);
    const readEvents = async () =>
      ((await servers[0].anonymous.call('GET', '/_local/events')).json.events as { userId: string }[])
        .filter((event) => event.userId === userId)
        .map((event) => event as unknown as { change: string; reason?: string })
        .map(({ change, reason }) => [change, reason]);
    const expected = [
      ['created', undefined],
      ['reconnect_required', 'refused'],
      ['updated', undefined],
    ];
    await expect.poll(readEvents, { timeout: 60_000 }).toEqual(expected);
  });

  it('of the operator is refused for that call only', async () => {
    const { worker } = servers[0];
    const resolve = (given = {}) => worker.call('POST', '/v1/users/u1/resolve', { provider: 'ollama', ...given });
    const { tokenRef } = (await resolve()).json;
    expectProblem(await resolve({ refusedTokenRef: tokenRef }), 'reconnect_required', { reason: 'refused' });
    const next = await resolve();
    expect([next.status, next.json.tokenRef]).toEqual([200, tokenRef]);
  });
});
