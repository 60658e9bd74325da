// Two hundred callers of one lapsed token, over two server processes: one request to the provider, and each caller gets its
// token or is told honestly to come again. `npm run proof:storm` plays more rounds.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Keyhold } from '../support/local-server.ts';
import { holderOf, startTogether, tokenIn } from '../support/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../support/refreshing-provider.ts';
import { storm } from '../support/storm.ts';

const ROUNDS = Number(process.env.STORM_ROUNDS ?? 10);
const CALLERS = 200;
const PROVIDER_MILLISECONDS = 100;
/** For a machine that has much else to do. */
const ROUND_MILLISECONDS = 30_000;

let provider: RefreshingProvider;
let servers: Keyhold[];
beforeAll(async () => {
  provider = await startRefreshingProvider();
  servers = await startTogether(2, { acme: provider.entry() });
});
beforeEach(() => {
  provider.reset();
  provider.delay(PROVIDER_MILLISECONDS);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

const rounds = Array.from({ length: ROUNDS }, (_, index) => [index + 1]);

it.each(rounds)(
  `is one call for ${CALLERS} callers, each answered with its token or to come again: round %i`,
  {
    timeout: ROUND_MILLISECONDS,
  },
  async () => {
    const holder = await holderOf(servers[0] as Keyhold, provider);
    const told = await storm(holder, servers, CALLERS);
    expect(provider.refreshes).toHaveLength(1);
    const token = tokenIn(await holder.resolve()) ?? '';
    expect(provider.tokens.works(token)).toBe(true);
    const honest = { status: 503, code: 'refresh_unavailable', retryAfterSeconds: 1 };
    const [served, refused] = [
      told.filter(({ status }) => status === 200),
      told.filter(({ status }) => status !== 200),
    ];
    for (const answer of served) expect(answer).toMatchObject({ token, stale: false });
    for (const answer of refused) expect(answer).toMatchObject(honest);
    expect(served.length).toBeGreaterThan(0);
    expect(provider.refreshes).toHaveLength(1);
    if (process.env.STORM_ROUNDS) {
      const slowest = Math.round(Math.max(...told.map(({ milliseconds }) => milliseconds)));
      console.log(`${served.length} tokens, ${refused.length} × 503, 1 call; slowest ${slowest} ms`);
    }
  },
);
