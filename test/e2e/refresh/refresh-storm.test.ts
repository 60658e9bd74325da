// Two hundred callers of one expired token, over two server processes: one token request, and each caller gets the token or 503
// with Retry-After, and calls again. On a busy machine the first wave may make no request, because the lease's margin passed;
// it never makes two. `npm run proof:storm` runs more rounds and prints each.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { DEPENDENCY_TOO_SLOW, refusedIn, type StormAnswer, storm, untilServed } from '../../support/http/storm.ts';
import { makeHolder, startTogether, tokenIn } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';
import { printFigure } from '../../support/run/figure.ts';

const ROUNDS = Number(process.env.STORM_ROUNDS ?? 2);
const CALLERS = 200;
const PROVIDER_MILLISECONDS = 100;
/** A hang limit. */
const ROUND_MILLISECONDS = 180_000;

let provider: RefreshingProvider;
let servers: Keyhold[];
const counted = { rounds: 0, callers: CALLERS, requests: 0 };
beforeAll(async () => {
  provider = await startRefreshingProvider();
  servers = await startTogether(2, { acme: provider.entry() });
});
beforeEach(() => {
  provider.reset();
  provider.delay(PROVIDER_MILLISECONDS);
});
afterAll(async () => {
  printFigure('refresh storm', counted);
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

const UNAVAILABLE = { status: 503, code: 'refresh_unavailable', retryAfterSeconds: 1 };

/** On a busy machine two hundred callers can be too many for what the service depends on: 503 of another code. */
const expectTokenOrRetry = (answer: StormAnswer, token: string): void => {
  const refused = DEPENDENCY_TOO_SLOW.includes(answer.code) ? { status: 503 } : UNAVAILABLE;
  expect(answer).toMatchObject(answer.status === 200 ? { token, stale: false } : refused);
  expect(answer.retryAfterSeconds).toBeGreaterThanOrEqual(answer.status === 200 ? 0 : 1);
};

const rounds = Array.from({ length: ROUNDS }, (_, index) => [index + 1]);

it.each(rounds)(
  `makes one token request for ${CALLERS} callers, each answered with the token or 503 and Retry-After: round %i`,
  { timeout: ROUND_MILLISECONDS },
  async () => {
    const holder = await makeHolder(servers[0] as Keyhold, provider);
    const first = await storm(holder, servers, CALLERS);
    const calls = provider.refreshes.length;
    expect(calls).toBeLessThanOrEqual(1);
    const waves = await untilServed(holder, servers, first);
    expect(provider.refreshes).toHaveLength(1);
    const token = tokenIn(await holder.resolve()) ?? '';
    expect(provider.tokens.works(token)).toBe(true);
    for (const answer of waves.flat()) expectTokenOrRetry(answer, token);
    expect(refusedIn(waves.at(-1) ?? [])).toEqual([]);
    expect(provider.refreshes).toHaveLength(1);
    counted.rounds++;
    counted.requests += provider.refreshes.length;
    if (process.env.STORM_ROUNDS) {
      const slowest = Math.round(Math.max(...first.map(({ milliseconds }) => milliseconds)));
      const refused = refusedIn(first).length;
      const wave = `first wave: ${CALLERS - refused} tokens, ${refused} × 503, ${calls} call, slowest ${slowest} ms`;
      console.log(`${wave}; waves: ${waves.length}, calls in all: ${provider.refreshes.length}`);
    }
  },
);
