// A provider outage under load: valid tokens are served throughout, no credential is marked, the provider gets no more calls than
// the back-off allows, and the first call after the back-off succeeds. `npm run proof:outage` lasts a minute.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { DEPENDENCY_TOO_SLOW } from '../../support/http/storm.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import {
  type Holder,
  makeHolder,
  makeNearlyExpired,
  maxCallsWithBackOff,
  startTogether,
  tokenIn,
} from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const SECONDS = Number(process.env.OUTAGE_SECONDS ?? 2);
const VALID = 10;
const EXPIRED = 5;
const PAUSE_MILLISECONDS = 100;
/** How long each kind of fault lasts. */
const FAULT_MILLISECONDS = 500;
/** Of a call of the provider: a busy machine must be able to answer in it, or the token is sent again. */
const TIMEOUT_MILLISECONDS = 5_000;
/** A hang limit: the longest back-off is 15 s. */
const BACK_MILLISECONDS = 110_000;
const BACK_PAUSE_MILLISECONDS = 500;

const FAULTS: ScriptedReply[] = [{ status: 503 }, { fault: 'reset' }, { status: 429 }, { fault: 'silent' }];

let provider: RefreshingProvider;
let servers: Keyhold[];
let valid: Asked[];
let expired: Asked[];
let began: number;

interface Asked {
  holder: Holder;
  replies: Reply[];
}

/**
 * Calls one server after the other until a moment, and until each has answered however slow the machine is. Answers that
 * something else was too slow tell nothing of the provider.
 */
const keepAsking = async (holder: Holder, until: number): Promise<Asked> => {
  const replies: Reply[] = [];
  while (Date.now() < until || replies.length < servers.length) {
    const reply = await holder.resolve({}, servers[replies.length % servers.length]);
    if (!DEPENDENCY_TOO_SLOW.includes(reply.json.code)) replies.push(reply);
    await sleep(PAUSE_MILLISECONDS);
  }
  return { holder, replies };
};

/** Switches from one fault to the next, until it is told to stop. */
const startOutage = () => {
  let turn = 0;
  const next = () => provider.answer(FAULTS[turn++ % FAULTS.length] as ScriptedReply);
  next();
  const timer = setInterval(next, FAULT_MILLISECONDS);
  return () => clearInterval(timer);
};

beforeAll(
  async () => {
    provider = await startRefreshingProvider();
    servers = await startTogether(2, { acme: provider.entry() }, { PROVIDER_TIMEOUT_MS: String(TIMEOUT_MILLISECONDS) });
    const made = (count: number, make: () => Promise<Holder>) => Promise.all(Array.from({ length: count }, make));
    const [first] = servers as [Keyhold];
    const holders = [
      ...(await made(VALID, () => makeNearlyExpired(first, provider))),
      ...(await made(EXPIRED, () => makeHolder(first, provider))),
    ];
    began = Date.now();
    const until = began + SECONDS * 1_000;
    const stopOutage = startOutage();
    const asked = await Promise.all(holders.map((holder) => keepAsking(holder, until)));
    stopOutage();
    [valid, expired] = [asked.slice(0, VALID), asked.slice(VALID)];
  },
  (SECONDS + 120) * 1_000,
);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
});

const callsFor = ({ tokens }: Holder) =>
  provider.refreshes.filter(({ form }) => form.refresh_token === tokens.refreshToken).length;

describe(`a provider that is down for ${SECONDS} s`, () => {
  it('still serves every valid token, as stale', () => {
    for (const { holder, replies } of valid) {
      const served = replies.map((reply) => [reply.status, tokenIn(reply), reply.json.stale]);
      expect(served).toEqual(served.map(() => [200, holder.tokens.accessToken, true]));
      expect(served.length).toBeGreaterThanOrEqual(servers.length);
    }
  });

  it('answers 503 with Retry-After where no token is valid', () => {
    for (const reply of expired.flatMap(({ replies }) => replies)) {
      expect([reply.status, reply.json.code]).toEqual([503, 'refresh_unavailable']);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    }
  });

  it('gets at most the calls that the back-off allows, from all processes together', async () => {
    for (const { holder } of [...valid, ...expired]) {
      // A refresh that was handed over may still be on its way, or lost on a busy machine.
      const call = async () => {
        if (callsFor(holder) === 0) await holder.resolve();
        return callsFor(holder);
      };
      await expect.poll(call).toBeGreaterThanOrEqual(1);
      expect(callsFor(holder)).toBeLessThanOrEqual(maxCallsWithBackOff((Date.now() - began) / 1_000));
    }
  });

  it('marks no credential', async () => {
    for (const { holder } of [...valid, ...expired])
      expect(await holder.view()).toMatchObject({ status: 'active', reason: null, version: 1 });
  });

  it('ends for each credential with the first call after its back-off', async () => {
    provider.answer(null);
    const before = provider.refreshes.length;
    const fresh = async ({ holder }: Asked) => {
      const { status, json } = await holder.resolve();
      return [status, json.stale];
    };
    const bound = { timeout: BACK_MILLISECONDS, interval: BACK_PAUSE_MILLISECONDS };
    const all = [...valid, ...expired];
    await Promise.all(all.map((asked) => expect.poll(() => fresh(asked), bound).toEqual([200, false])));
    expect(provider.refreshes).toHaveLength(before + all.length);
  });
});
