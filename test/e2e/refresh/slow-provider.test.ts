// A provider that grants at once and answers late, or after the time-out: callers with a valid token are answered at once, and the
// grant survives with one exchange. Times are scaled down by the settings.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { type Holder, makeNearlyExpired, startTogether, tokenIn } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const EXCHANGE = 8_000;

let provider: RefreshingProvider;
let servers: Keyhold[];
beforeAll(async () => {
  provider = await startRefreshingProvider();
  servers = await startTogether(2, { acme: provider.entry() }, { EXCHANGE_TIMEOUT_MS: String(EXCHANGE) });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

const [first, second] = [() => servers[0] as Keyhold, () => servers[1] as Keyhold];

const timed = async <T>(work: Promise<T>): Promise<{ reply: T; took: number }> => {
  const startedAt = performance.now();
  return { reply: await work, took: performance.now() - startedAt };
};

const sentFor = (holder: Holder) =>
  provider.refreshes.filter(({ form }) => form.refresh_token === holder.tokens.refreshToken).length;

it.each(['strict', 'grace'] as const)(
  '%s: all callers are answered before the provider, and the grant survives',
  async (kind) => {
    const holder = await makeNearlyExpired(first(), provider, { kind });
    const release = provider.hold();
    const calls = Array.from({ length: 10 }, (_, n) => holder.resolve({}, n % 2 === 0 ? first() : second()));
    for (const reply of await Promise.all(calls))
      expect([reply.status, reply.json.stale, tokenIn(reply)]).toEqual([200, true, holder.tokens.accessToken]);
    release();
    await expect.poll(async () => tokenIn(await holder.resolve())).not.toBe(holder.tokens.accessToken);
    expect(provider.tokens.works(tokenIn(await holder.resolve()) ?? '')).toBe(true);
    expect(sentFor(holder)).toBe(1);
  },
);

it('keeps serving the valid token when the answer comes after the time-out, and sends nothing again meanwhile', async () => {
  const holder = await makeNearlyExpired(first(), provider, { kind: 'grace' });
  provider.delay(EXCHANGE + 1_000);
  const until = performance.now() + EXCHANGE + 1_000;
  while (performance.now() < until) {
    const { reply, took } = await timed(holder.resolve());
    expect([reply.status, reply.json.stale]).toEqual([200, true]);
    expect(took).toBeLessThan(EXCHANGE);
    await sleep(200);
  }
  expect(sentFor(holder)).toBe(1);
  expect((await holder.view()).status).toBe('active');
});
