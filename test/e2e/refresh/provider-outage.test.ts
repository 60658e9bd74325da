// A provider that is down while many call: whoever has a living token gets it throughout, nobody is marked, the provider is
// asked as seldom as the back-off says, and when it is back the first who may ask is served. `npm run proof:outage` lasts a minute.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { type Holder, holderOf, nearlyLapsed, startTogether, tokenIn } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const SECONDS = Number(process.env.OUTAGE_SECONDS ?? 5);
const LIVING = 10;
const LAPSED = 5;
const PAUSE_MILLISECONDS = 20;
/** How long it is down in one way before it is down in another. */
const FAULT_MILLISECONDS = 500;
/** The longest back-off, and something for a busy machine. */
const BACK_MILLISECONDS = 20_000;

const FAULTS: ScriptedReply[] = [{ status: 503 }, { fault: 'reset' }, { status: 429 }, { fault: 'silent' }];

let provider: RefreshingProvider;
let servers: Keyhold[];
let living: Asked[];
let lapsed: Asked[];
let lastedSeconds: number;

interface Asked {
  holder: Holder;
  replies: Reply[];
}

/** Asks again and again, at one server after the other, until a moment. */
const keepAsking = async (holder: Holder, until: number): Promise<Asked> => {
  const replies: Reply[] = [];
  while (Date.now() < until) {
    replies.push(await holder.resolve({}, servers[replies.length % servers.length]));
    await sleep(PAUSE_MILLISECONDS);
  }
  return { holder, replies };
};

/** Down in one way after the other. */
const beDown = async (until: number): Promise<void> => {
  for (let turn = 0; Date.now() < until; turn++) {
    provider.answer(FAULTS[turn % FAULTS.length] as ScriptedReply);
    await sleep(FAULT_MILLISECONDS);
  }
};

beforeAll(
  async () => {
    provider = await startRefreshingProvider();
    servers = await startTogether(2, { acme: provider.entry() }, { PROVIDER_TIMEOUT_MS: '500' });
    const made = (count: number, make: () => Promise<Holder>) => Promise.all(Array.from({ length: count }, make));
    const [first] = servers as [Keyhold];
    const holders = [
      ...(await made(LIVING, () => nearlyLapsed(first, provider))),
      ...(await made(LAPSED, () => holderOf(first, provider))),
    ];
    const [began, until] = [Date.now(), Date.now() + SECONDS * 1_000];
    const down = beDown(until);
    const asked = await Promise.all(holders.map((holder) => keepAsking(holder, until)));
    lastedSeconds = (Date.now() - began) / 1_000;
    await down;
    [living, lapsed] = [asked.slice(0, LIVING), asked.slice(LIVING)];
  },
  (SECONDS + 60) * 1_000,
);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

/** Pauses of at least half a second, one, two, four and then 7.5, from the first call on. */
const mostCalls = (seconds: number): number => {
  let [calls, at] = [0, 0];
  for (let pause = 0.5; at <= seconds; pause = Math.min(7.5, pause * 2)) {
    calls++;
    at += pause;
  }
  return calls;
};

const callsFor = ({ tokens }: Holder) =>
  provider.refreshes.filter(({ form }) => form.refresh_token === tokens.refreshToken).length;

describe(`a provider that is down for ${SECONDS} s`, () => {
  it('costs nobody a token that lives', () => {
    for (const { holder, replies } of living) {
      const served = replies.map((reply) => [reply.status, tokenIn(reply), reply.json.stale]);
      expect(served).toEqual(served.map(() => [200, holder.tokens.accessToken, true]));
      expect(served.length).toBeGreaterThan(SECONDS);
    }
  });

  it('is told of honestly where no token lives', () => {
    for (const reply of lapsed.flatMap(({ replies }) => replies)) {
      expect([reply.status, reply.json.code]).toEqual([503, 'refresh_unavailable']);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    }
  });

  it('is asked as seldom as the back-off says, by all processes together', () => {
    for (const { holder } of [...living, ...lapsed]) {
      expect(callsFor(holder)).toBeGreaterThanOrEqual(1);
      expect(callsFor(holder)).toBeLessThanOrEqual(mostCalls(lastedSeconds));
    }
  });

  it('marks nobody', async () => {
    for (const { holder } of [...living, ...lapsed])
      expect(await holder.view()).toMatchObject({ status: 'active', reason: null, version: 1 });
  });

  it('is over for each grant with the first call that the back-off lets through', async () => {
    provider.answer(null);
    const before = provider.refreshes.length;
    const fresh = async ({ holder }: Asked) => {
      const { status, json } = await holder.resolve();
      return [status, json.stale];
    };
    const bound = { timeout: BACK_MILLISECONDS, interval: PAUSE_MILLISECONDS };
    const all = [...living, ...lapsed];
    await Promise.all(all.map((asked) => expect.poll(() => fresh(asked), bound).toEqual([200, false])));
    expect(provider.refreshes).toHaveLength(before + all.length);
  });
});
